"""The AGI protocol core: whatever arrives becomes events or one typed error, however it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi_scripts.channel import AgiProtocolError, Environment
from agi_scripts.channel.protocol import LONGEST_ITEM, AgiProtocol, Event, HangupNotice, Reply
from tests.support.fake_asterisk import environment

ENVIRONMENT = environment()


def replies(data: bytes, size: int = 0) -> list[Event]:
    """What follows the environment, fed in chunks of `size` bytes (0: at once)."""
    protocol = AgiProtocol()
    protocol.feed(ENVIRONMENT)
    chunks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return [event for chunk in chunks for event in protocol.feed(chunk)]


REPLIES = {
    "a plain result": (b"200 result=1\n", [Reply(200, "1")]),
    "carriage returns": (b"200 result=1\r\n", [Reply(200, "1")]),
    "a key and a position": (b"200 result=49 endpos=12480\n", [Reply(200, "49", endpos=12480)]),
    "a value": (b"200 result=1 (PJSIP/1001)\n", [Reply(200, "1", "PJSIP/1001")]),
    "a value with parentheses": (b"200 result=1 (m(my) (class))\n", [Reply(200, "1", "m(my) (class)")]),
    "a value with line breaks": (b"200 result=1 (a\nb\n\nc)\n", [Reply(200, "1", "a\nb\n\nc")]),
    "a value that says hangup": (b"200 result=1 (hangup)\n", [Reply(200, "1", "hangup")]),
    "a value with a line HANGUP": (b"200 result=1 (a\nHANGUP\nb)\n", [Reply(200, "1", "a\nHANGUP\nb")]),
    "an empty value": (b"200 result=1 ()\n", [Reply(200, "1")]),
    "no keys, time out": (b"200 result= (timeout)\n", [Reply(200, "", "timeout")]),
    "value and position": (b"200 result=0 (timeout) endpos=5\n", [Reply(200, "0", "timeout", 5)]),
    "hang-up before the reply": (b"HANGUP\n200 result=-1\n", [HangupNotice(), Reply(200, "-1")]),
    "hang-up after the reply": (b"200 result=-1\nHANGUP\n", [Reply(200, "-1"), HangupNotice()]),
    "a dead channel": (b"511 Command Not Permitted\n", [Reply(511, text="Command Not Permitted")]),
    "an unknown command": (b"510 Invalid or unknown command\n", [Reply(510, text="Invalid or unknown command")]),
    "usage": (
        b"520-Invalid command syntax.\nUsage: SET VARIABLE\n 200 result=1\n520 End of proper usage.\n200 result=7\n",
        [
            Reply(520, text="Invalid command syntax.\nUsage: SET VARIABLE\n 200 result=1\n520 End of proper usage."),
            Reply(200, "7"),
        ],
    ),
    "usage in one line": (b"520 Invalid command syntax.\n", [Reply(520, text="Invalid command syntax.")]),
    "being tried first": (b"100 Trying...\n200 result=0\n", [Reply(200, "0")]),
    "noise between replies": (b"b)\n\n200 result=0\n", [Reply(200, "0")]),
    "bytes that are no UTF-8": (b"200 result=1 (\xff)\n", [Reply(200, "1", "�")]),
}


@pytest.mark.parametrize(("data", "events"), REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("size", [0, 1, 7])
def test_each_reply_is_read_however_it_is_cut(data: bytes, events: list[Event], size: int) -> None:
    """A reply gives the same events when it comes at once, in pieces, or byte by byte."""
    assert events == replies(data, size)


def test_the_environment_is_read_up_to_its_blank_line() -> None:
    """Values keep their colons; what follows the blank line is a reply already."""
    data = environment("call?x=1", agi_calleridname="a: b") + b"HANGUP\n"

    found, notice = AgiProtocol().feed(data)

    assert isinstance(found, Environment)
    assert (
        found.script,
        found.values["agi_calleridname"],
        found.uniqueid,
        found.callerid,
    ) == ("call", "a: b", "1718000000.12", "081234567890")
    assert HangupNotice() == notice


def test_a_caller_without_number_has_an_empty_one() -> None:
    """Asterisk says `unknown` for a caller who has no number; a script must not take that for one."""
    (found,) = AgiProtocol().feed(environment(agi_callerid="unknown"))

    assert isinstance(found, Environment)
    assert found.callerid == ""


def test_a_result_without_its_word_is_an_error() -> None:
    """`200` and no `result=` can be no AGI."""
    with pytest.raises(AgiProtocolError):
        replies(b"200 OK\n")


@pytest.mark.parametrize(
    "endless",
    [b"x" * (LONGEST_ITEM + 1), b"520-\n" + b"usage\n" * LONGEST_ITEM, b"200 result=1 (" + b"\n" * LONGEST_ITEM],
    ids=["a line", "a usage text", "a value"],
)
def test_an_item_that_never_ends_is_given_up(endless: bytes) -> None:
    """Whoever sends without end gets an error, not our memory."""
    with pytest.raises(AgiProtocolError):
        replies(endless)


def test_an_environment_that_never_ends_is_given_up() -> None:
    """The same before the first reply."""
    with pytest.raises(AgiProtocolError):
        AgiProtocol().feed(b"agi_x: y\n" * LONGEST_ITEM)


@given(st.binary(max_size=400), st.integers(min_value=1, max_value=40))
def test_any_bytes_give_events_or_the_typed_error(data: bytes, size: int) -> None:
    """Garbage never raises anything else, and never depends on how it was cut."""

    def outcome(chunk: int) -> object:
        try:
            return replies(data, chunk)
        except AgiProtocolError:
            return "error"

    assert outcome(0) == outcome(size)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]),
        max_size=200,
    )
)
def test_any_value_of_one_line_comes_back_whole(value: str) -> None:
    """Parentheses, quotes, backslashes and control characters in a value are the value's."""
    assert [Reply(200, "1", value)] == replies(f"200 result=1 ({value})\n".encode())
