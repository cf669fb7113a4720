"""Two phones call each other: every way a call can begin and end, and what is heard in between."""

from __future__ import annotations

import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.softphone import (
    BUSY,
    DECLINING,
    HANGING,
    CallState,
    CallStateError,
    Codec,
    EndedBy,
    Ending,
    IncomingCall,
    Manners,
    Moment,
    OutgoingCall,
    Phone,
    SoftphoneError,
    SoundError,
    WaitError,
    answering,
)


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


def _connected(caller: Phone, operator: Phone) -> tuple[OutgoingCall, IncomingCall]:
    outgoing = caller.call(operator.uri)
    incoming = operator.incoming()
    incoming.answer()
    outgoing.wait_answered()
    return outgoing, incoming


def test_call_rings_is_answered_and_ends(caller: Phone, operator: Phone) -> None:
    """Both sides see the same life of the call, and who ended it."""
    outgoing = caller.call(operator.uri, number="+628123456789", display_name='Budi "B"')
    incoming = operator.incoming()
    outgoing.wait_ringing()
    assert (outgoing.state, incoming.state) == (CallState.RINGING, CallState.RINGING)

    incoming.answer()
    outgoing.wait_answered()
    incoming.hangup()

    assert Ending(EndedBy.PEER) == outgoing.wait_ended()
    assert Ending(EndedBy.US) == incoming.wait_ended()
    assert (incoming.remote_number, incoming.remote_name) == ("+628123456789", 'Budi "B"')
    assert outgoing.remote_number == "operator"


def test_moments_are_in_order(caller: Phone, operator: Phone) -> None:
    """The history tells what happened, oldest first, on one clock for all phones of a process."""
    outgoing, incoming = _connected(caller, operator)
    outgoing.hangup()
    incoming.wait_ended()

    told = [item.moment for item in outgoing.history if item.moment is not Moment.FIRST_AUDIO]
    assert told == [Moment.INVITE_SENT, Moment.RINGING, Moment.ANSWERED, Moment.ENDED]
    moments = [
        outgoing.moment(Moment.INVITE_SENT),
        incoming.moment(Moment.INVITE_RECEIVED),
        incoming.moment(Moment.ANSWERED),
        outgoing.moment(Moment.ANSWERED),
        outgoing.moment(Moment.ENDED),
        incoming.moment(Moment.ENDED),
    ]
    assert sorted(moment or 0.0 for moment in moments) == moments
    assert outgoing.moment(Moment.KEY_HEARD) is None


def test_phone_answers_by_itself(caller: Phone, operator: Phone) -> None:
    """An operator who picks up after a while rings until then."""
    operator.manners = answering(after=0.1)

    call = caller.call(operator.uri)
    rang, answered = call.wait_ringing(), call.wait_answered()

    assert rang < answered


def test_phone_that_answers_without_ringing(caller: Phone, operator: Phone) -> None:
    """Waiting for the ringing is satisfied by the answer; no 180 was sent."""
    operator.manners = answering(after=0.05, ringing=False)

    call = caller.call(operator.uri)

    assert call.wait_ringing() == call.wait_answered()
    assert call.moment(Moment.RINGING) is None


def test_ringing_can_be_late(caller: Phone, operator: Phone) -> None:
    """A phone that says 100 Trying first and rings later rings all the same."""
    operator.manners = Manners(ring_after=0.1)

    call = caller.call(operator.uri)
    call.wait_ringing()

    lines = [item.text.partition("\r\n")[0] for item in caller.trace]
    assert [f"INVITE {operator.uri} SIP/2.0", "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"] == lines


@pytest.mark.parametrize(("manners", "status"), [(BUSY, 486), (DECLINING, 603)])
def test_refusal_reaches_the_caller(caller: Phone, operator: Phone, manners: Manners, status: int) -> None:
    """A busy phone and one that declines say so with their own status."""
    operator.manners = manners

    ending = caller.call(operator.uri).wait_ended()

    assert (EndedBy.REFUSAL, status) == (ending.by, ending.status)
    assert operator.incoming().ending == ending


def test_operator_can_refuse_after_ringing(caller: Phone, operator: Phone) -> None:
    """The red button sends 603; afterwards the call can no longer be answered."""
    outgoing = caller.call(operator.uri)
    incoming = operator.incoming()
    outgoing.wait_ringing()
    incoming.hangup()

    assert outgoing.wait_ended().status == 603
    with pytest.raises(CallStateError, match="ENDED"):
        incoming.answer()


def test_caller_gives_up_while_it_rings(caller: Phone, operator: Phone) -> None:
    """CANCEL ends both sides, and the INVITE is answered 487."""
    outgoing = caller.call(operator.uri)
    incoming = operator.incoming()
    outgoing.wait_ringing()

    outgoing.hangup()

    assert Ending(EndedBy.CANCEL) == incoming.wait_ended()
    assert Ending(EndedBy.CANCEL, 487, "Request Terminated") == outgoing.wait_ended()


def test_caller_gives_up_at_once(caller: Phone, operator: Phone) -> None:
    """A CANCEL waits for the first sign of life of the other side (RFC 3261 section 9.1)."""
    outgoing = caller.call(operator.uri)

    outgoing.hangup()

    assert outgoing.wait_ended().by is EndedBy.CANCEL
    assert operator.incoming().wait_ended().by is EndedBy.CANCEL


def test_hanging_phone_gives_no_sign(caller: Phone, operator: Phone) -> None:
    """The wait fails and shows what was sent, and that nothing came."""
    operator.manners = HANGING
    call = caller.call(operator.uri)

    with pytest.raises(WaitError, match="ringing") as caught:
        call.wait_ringing(0.2)

    assert [f"to {operator.address[0]}:{operator.address[1]} INVITE {operator.uri} SIP/2.0"] == list(caught.value.seen)


def test_wait_fails_at_once_when_it_has_become_hopeless(caller: Phone, operator: Phone) -> None:
    """Nobody waits a minute for the answer to a refused call; the error says why it never comes."""
    operator.manners = BUSY
    call = caller.call(operator.uri)

    with pytest.raises(WaitError, match="486 Busy Here"):
        call.wait_answered(60)


@pytest.mark.parametrize("codec", list(Codec))
def test_both_hear_each_other(caller: Phone, codec: Codec) -> None:
    """A tone from each side arrives at the other, in either law, and not at oneself."""
    with Phone("operator", ("127.0.0.5", 0), codecs=(codec,)) as operator:
        outgoing, incoming = _connected(caller, operator)
        outgoing.play_tone(440)
        incoming.play_tone(1000)
        incoming.wait_tone(440)
        outgoing.wait_tone(1000)

        assert (codec, codec) == (outgoing.codec, incoming.codec)
        assert not outgoing.hears_tone(440)
        incoming.wait_audio(min_rms=2000)
        assert incoming.heard_seconds > 0
        assert len(incoming.heard(0.1)) == 800


def test_keys_are_heard_once_and_in_order(caller: Phone, operator: Phone) -> None:
    """Every key of the telephone goes through, in both directions, repeated keys too."""
    outgoing, incoming = _connected(caller, operator)

    pressed = outgoing.press("112#", duration_ms=40)
    incoming.press("9*", duration_ms=40)
    incoming.wait_keys("112#")
    outgoing.wait_keys("9*")

    assert (incoming.keys_heard, outgoing.keys_heard) == ("112#", "9*")
    heard = [item.at for item in incoming.history if item.moment is Moment.KEY_HEARD]
    assert pressed <= heard[-1]


def test_keys_need_a_call(caller: Phone, operator: Phone) -> None:
    """Before the answer there is nobody to press keys to."""
    call = caller.call(operator.uri)

    with pytest.raises(CallStateError, match="cannot press 1"):
        call.press("1")


def test_early_media_is_heard_before_the_answer(caller: Phone, operator: Phone) -> None:
    """183 with a session description opens the ear; the call is still unanswered."""
    operator.manners = Manners(early_media=True)
    call = caller.call(operator.uri)
    operator.incoming().play_tone(600)

    call.wait_tone(600)

    assert CallState.RINGING is call.state
    assert call.moment(Moment.EARLY_MEDIA) is not None


def _wav(path: Path, samples: int, *, rate: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x00\x20\x00\xe0" * (samples // 2))
    return path


def test_wav_is_played_once(caller: Phone, operator: Phone, tmp_path: Path) -> None:
    """A file is heard at the other side, and its end can be waited for."""
    outgoing, incoming = _connected(caller, operator)

    outgoing.play_wav(_wav(tmp_path / "prompt.wav", samples=4000))
    incoming.wait_audio(min_rms=2000)
    outgoing.wait_played()

    # A square wave at a quarter of the sampling rate.
    assert max(incoming.heard(30)) > 8000


def test_wav_of_another_format_is_refused_with_what_is_needed(caller: Phone, operator: Phone, tmp_path: Path) -> None:
    """The error says what the file has and what it should have."""
    outgoing, _ = _connected(caller, operator)
    for name, rate, channels in (("rate", 16000, 1), ("stereo", 8000, 2)):
        with pytest.raises(SoundError, match="one channel of 16 bits at 8000 Hz is needed"):
            outgoing.play_wav(_wav(tmp_path / f"{name}.wav", 4, rate=rate, channels=channels))
    (tmp_path / "text.wav").write_text("no sound")
    for broken in ("text.wav", "missing.wav"):
        with pytest.raises(SoundError, match=broken):
            outgoing.play_wav(tmp_path / broken)


def test_asserted_identity_is_shown_before_from(caller: Phone, operator: Phone) -> None:
    """P-Asserted-Identity is what the network vouches for (RFC 3325)."""
    caller.call(operator.uri, number="0", headers=(("P-Asserted-Identity", '"Siti" <tel:+62899>'),))

    incoming = operator.incoming()

    assert (incoming.remote_number, incoming.remote_name) == ("+62899", "Siti")


def test_no_common_codec_is_refused_with_488(caller: Phone) -> None:
    """A call that could not be heard is not begun."""
    with (
        Phone("operator", ("127.0.0.5", 0), codecs=(Codec.PCMU,)) as operator,
        Phone("alaw", ("127.0.0.6", 0), codecs=(Codec.PCMA,)) as other,
    ):
        assert other.call(operator.uri).wait_ended().status == 488


def test_one_phone_carries_many_calls(caller: Phone, operator: Phone) -> None:
    """A carrier has one address and many calls, and each hears its own."""
    operator.manners = answering()
    calls = [caller.call(operator.uri, number=str(index)) for index in range(8)]
    incoming = {call.remote_number: call for call in (operator.incoming() for _ in calls)}
    for index, call in enumerate(calls):
        call.wait_answered()
        call.play_tone(400 + 100 * index)

    for index in range(8):
        incoming[str(index)].wait_tone(400 + 100 * index)
    assert [call.state for call in caller.calls] == [CallState.ANSWERED] * 8


def test_closing_hangs_up(operator: Phone) -> None:
    """A phone that is closed says goodbye, and may be closed twice."""
    with Phone("carrier", ("127.0.0.2", 0)) as caller:
        outgoing, incoming = _connected(caller, operator)
        caller.close()

        assert Ending(EndedBy.PEER) == incoming.wait_ended()
        assert Ending(EndedBy.US) == outgoing.ending
        with pytest.raises(CallStateError, match="closed"):
            caller.call(operator.uri)


def test_vanishing_says_nothing(operator: Phone) -> None:
    """A phone whose battery dies sends no BYE: the other side must find out by itself."""
    with Phone("carrier", ("127.0.0.2", 0)) as caller:
        outgoing, incoming = _connected(caller, operator)
        caller.vanish()

        assert Ending(EndedBy.VANISHED) == outgoing.ending
        assert CallState.ANSWERED is incoming.state
        assert not any("BYE" in item.text.partition("\r\n")[0] for item in caller.trace)


def test_closed_phone_leaves_no_thread_behind() -> None:
    """Threads end with their phone."""
    before = threading.active_count()
    with Phone("a", ("127.0.0.2", 0)) as caller, Phone("b", ("127.0.0.5", 0)) as operator:
        _connected(caller, operator)
        assert before + 2 == threading.active_count()

    assert before == threading.active_count()


def test_address_in_use_is_an_os_error(operator: Phone) -> None:
    """Two phones on one address are a mistake of the test, told at once."""
    with pytest.raises(OSError, match="in use"):
        Phone("second", operator.address)


@pytest.mark.parametrize("target", ["112", "sip:", "sips:a b@h"])
def test_target_that_cannot_be_dialled_is_refused(caller: Phone, target: str) -> None:
    """The error shows a target that would do."""
    with pytest.raises(SoftphoneError, match="sip:112@"):
        caller.call(target)


def test_header_that_breaks_the_line_is_refused(caller: Phone, operator: Phone) -> None:
    """Nothing is sent, and the call is over."""
    with pytest.raises(SoftphoneError, match="line break"):
        caller.call(operator.uri, headers=(("X-Test", "a\r\nX-Other: b"),))

    assert caller.trace == ()
