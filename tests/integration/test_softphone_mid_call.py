"""What a phone does in a call that is up: hold, and leading the other side on (RFC 3264 section 8.4, RFC 3515)."""

from collections.abc import Iterator

import pytest

from hardware.softphone import CallStateError, IncomingCall, Moment, OutgoingCall, Phone, WaitError


@pytest.fixture
def caller() -> Iterator[Phone]:
    """A phone behind a carrier."""
    with Phone("carrier", ("127.0.0.2", 0)) as phone:
        yield phone


@pytest.fixture
def operator() -> Iterator[Phone]:
    """A phone that rings until somebody does something."""
    with Phone("operator", ("127.0.0.5", 0)) as phone:
        yield phone


@pytest.fixture
def talk(caller: Phone, operator: Phone) -> tuple[OutgoingCall, IncomingCall]:
    """The two in a call."""
    outgoing = caller.call(operator.uri)
    incoming = operator.incoming()
    incoming.answer()
    outgoing.wait_answered()
    return outgoing, incoming


@pytest.mark.parametrize("holder", [0, 1], ids=["who called", "who was called"])
def test_hold_and_resume(talk: tuple[OutgoingCall, IncomingCall], holder: int) -> None:
    """Held, the other side sends nothing, and hears on; taken back, both are heard."""
    holds, held = talk[holder], talk[1 - holder]
    held.play_tone(700)
    holds.wait_tone(700)
    holds.hold()
    heard = holds.heard_seconds
    holds.play_tone(900)
    held.wait_tone(900)
    silence = holds.heard_seconds - heard
    holds.resume()
    holds.wait_tone(700)
    held.wait_tone(900)

    # What was on its way when the hold was agreed on may still come.
    assert silence < 0.2
    assert [Moment.REFRESHED] * 2 == [item.moment for item in held.history if item.moment is Moment.REFRESHED]


def test_a_call_that_is_over_cannot_be_held(talk: tuple[OutgoingCall, IncomingCall]) -> None:
    """Nor led on."""
    outgoing, _ = talk
    outgoing.hangup()

    with pytest.raises(CallStateError):
        outgoing.hold()
    with pytest.raises(CallStateError):
        outgoing.refer("1002")


def test_a_phone_that_takes_no_transfer_says_so(talk: tuple[OutgoingCall, IncomingCall]) -> None:
    """405 is what comes back, and the call goes on."""
    outgoing, incoming = talk

    assert 405 == outgoing.refer("1002")
    outgoing.play_tone(700)
    incoming.wait_tone(700)


def test_a_peer_that_is_gone_answers_no_offer(talk: tuple[OutgoingCall, IncomingCall], operator: Phone) -> None:
    """The wait has an end."""
    outgoing, _ = talk
    operator.vanish()

    with pytest.raises(WaitError):
        outgoing.hold(timeout=0.5)
