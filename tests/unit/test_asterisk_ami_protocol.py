"""AMI's protocol without a socket: hostile transports, hostile values, answers out of order."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.asterisk.ami.errors import AmiProtocolError, AmiValueError
from hardware.asterisk.ami.protocol import LONGEST_MESSAGE, Answer, Correlator, Message, Parser, encode_action

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
CONVERSATION = (
    BANNER + b"Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
    b"Event: Newchannel\r\nCallerIDName: status will follow\r\nChanVariable: a=1\r\nChanVariable: b=2\r\n\r\n"
    b"Event: UserEvent\r\nUserEvent: Response: Error\r\nEmpty: \r\n\r\n"
)
WANTED = frozenset({"Newchannel", "UserEvent", "AuthDetail"})


def whole(data: bytes) -> Iterable[bytes]:
    """All at once."""
    return [data]


def byte_by_byte(data: bytes) -> Iterable[bytes]:
    """As a slow line would."""
    return [data[at : at + 1] for at in range(len(data))]


def in_sevens(data: bytes) -> Iterable[bytes]:
    """Cut in the middle of everything."""
    return [data[at : at + 7] for at in range(0, len(data), 7)]


@pytest.mark.parametrize("transport", [whole, byte_by_byte, in_sevens])
def test_messages_come_out_whole(transport: Callable[[bytes], Iterable[bytes]]) -> None:
    """However the bytes arrive, the messages are the same; no value changes how the next is read."""
    parser = Parser(WANTED)

    login, channel, user_event = [message for piece in transport(CONVERSATION) for message in parser.feed(piece)]

    assert "Asterisk Call Manager/11.0.0" == parser.banner
    assert ("Success", "", "1") == (login.response, login.event, login.action_id)
    assert ("Newchannel", "status will follow") == (channel.event, channel.get("calleridname"))
    assert ("a=1", "b=2") == channel.all("ChanVariable")
    assert ("UserEvent", "", "Response: Error") == (user_event.event, user_event.response, user_event.get("UserEvent"))
    assert "" == user_event.get("Empty", "not there")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b" \t Budi  ", "Budi"),
        ("\u00a0Budi\u2028".encode(), "\u00a0Budi\u2028"),
        (b"Bud\xff", "Bud\ufffd"),
        (b"Bud\xe2\x82", "Bud\ufffd"),
    ],
    ids=["blanks", "what only looks blank", "no UTF-8", "cut in a character"],
)
def test_value_is_what_was_sent(sent: bytes, name: str) -> None:
    """Without the blanks around it; what cannot be read is seen, and spoils nothing behind it."""
    parser = Parser(WANTED)
    parser.feed(BANNER)

    (message,) = parser.feed(b"Event: Newchannel\r\nCallerIDName:" + sent + b"\r\nUniqueid: 1.1\r\n\r\n")

    assert (name, "1.1") == (message.get("CallerIDName"), message.get("Uniqueid"))


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_any_bytes_are_messages_or_nothing(pieces: list[bytes]) -> None:
    """Rubbish on the line raises nothing."""
    parser = Parser(WANTED)
    parser.feed(BANNER)

    assert all(isinstance(message, Message) for piece in pieces for message in parser.feed(piece))


@given(st.binary(max_size=200), st.integers(0, 200))
def test_cuts_change_nothing(data: bytes, at: int) -> None:
    """Two pieces are read as one."""
    one, two = Parser(WANTED), Parser(WANTED)

    assert one.feed(BANNER + data) == two.feed(BANNER + data[:at]) + two.feed(data[at:])


@pytest.mark.parametrize("transport", [whole, byte_by_byte, in_sevens])
def test_events_that_nobody_wants_are_dropped(transport: Callable[[bytes], Iterable[bytes]]) -> None:
    """An event is told where its name, as a whole, is wanted; no value makes it another one, or part of an answer."""
    parser = Parser(WANTED)
    said = (
        BANNER + b"Event: Newstate\r\nCallerIDName: ActionID: 1\r\nX: Event: Newchannel\r\n\r\n"
        b"Event: NewchannelX\r\n\r\nEvent: New\r\n\r\nEvent: Newchannel\r\n\r\n"
    )

    told = [message for piece in transport(said) for message in parser.feed(piece)]

    assert [Message((("Event", "Newchannel"),))] == told


def test_what_answers_an_action_is_told() -> None:
    """A list's rows are events, whatever is wanted; and a response is no event."""
    parser = Parser(frozenset())
    row, end = b"Event: CoreShowChannel\r\nActionID: 1\r\n\r\n", b"Response: Success\r\nActionID: 2\r\n\r\n"

    assert ["1", "2"] == [message.action_id for message in parser.feed(BANNER + row + end)]


def test_message_without_end() -> None:
    """A peer that never ends a message is no AMI."""
    with pytest.raises(AmiProtocolError):
        Parser(WANTED).feed(BANNER + b"x" * (LONGEST_MESSAGE + 1))


def test_passwords_are_not_kept() -> None:
    """Asterisk tells the passwords of trunks and phones; they go no further."""
    (detail,) = Parser(WANTED).feed(BANNER + b"Event: AuthDetail\r\nUsername: city\r\nPassword: geheim\r\n\r\n")

    assert (("Event", "AuthDetail"), ("Username", "city")) == detail.headers


def test_action_is_encoded() -> None:
    """An action's bytes, its fields in their order."""
    encoded = encode_action("Ping", [("A", "1"), ("A", "2")], "7")

    assert b"Action: Ping\r\nActionID: 7\r\nA: 1\r\nA: 2\r\n\r\n" == encoded


@pytest.mark.parametrize("bad", ["\r\n\r\nAction: Command", "\n", "\r", "\0"])
@pytest.mark.parametrize("place", ["action", "name", "value"])
def test_no_field_begins_a_line_of_its_own(bad: str, place: str) -> None:
    """Neither an action's name nor a field's name or value may hold a line break."""
    action, name, value = (bad if place == here else "x" for here in ("action", "name", "value"))

    with pytest.raises(AmiValueError):
        encode_action(action, [(name, value)], "1")


def message(**headers: str) -> Message:
    """A message with these headers."""
    return Message(tuple(headers.items()))


def test_answers_out_of_order() -> None:
    """Each answer finds its action by ActionID."""
    correlator = Correlator()
    for action_id in ("1", "2"):
        correlator.expect(action_id)
    second, first = message(Response="Success", ActionID="2"), message(Response="Error", ActionID="1")

    assert [Answer(second), Answer(first)] == [correlator.take(second), correlator.take(first)]


def test_list_is_collected_between_other_events() -> None:
    """A list's events are gathered until its end; others are nobody's."""
    correlator = Correlator()
    correlator.expect("1")
    start = message(Response="Success", ActionID="1", EventList="start")
    entry = message(Event="CoreShowChannel", ActionID="1")
    other = message(Event="Hangup")
    end = message(Event="CoreShowChannelsComplete", ActionID="1", EventList="Complete")

    assert [None, None, None, Answer(start, (entry,))] == [correlator.take(item) for item in (start, entry, other, end)]
    assert not correlator.belongs(entry)


def test_forgotten_action_takes_no_answer() -> None:
    """An answer that comes too late is dropped."""
    correlator = Correlator()
    correlator.expect("1")
    correlator.forget("1")

    assert correlator.take(message(Response="Success", ActionID="1")) is None


def test_end_without_a_beginning() -> None:
    """A list that ends without a response is no answer."""
    correlator = Correlator()
    correlator.expect("1")

    assert correlator.take(message(Event="X", ActionID="1", EventList="Complete")) is None
