"""A recording begun anew when a caller was led on: what is asked of Asterisk, and what becomes of it when AMI fails."""

from typing import Any, cast

from hardware.asterisk.ami import AmiDisconnectedError, AmiError, AmiRefusedError, Message
from ivr.recording_renewal import RecordingRenewal

CALL = "1795334424.0"
FILE = "siaga112/2026/11/22/1795334424.0.wav"
LED = Message((("Event", "UserEvent"), ("UserEvent", "Siaga112Led"), ("CallID", CALL)))
GETVAR = ("Getvar", ("Channel", CALL), ("Variable", "SIAGA112_RECORDING"))
STOP = ("StopMixMonitor", ("Channel", CALL))
BEGIN = ("MixMonitor", ("Channel", CALL), ("File", FILE), ("Options", "ab"))


class Asterisk:
    """Notes what it is asked, and fails where it is told to."""

    def __init__(self, file: str = FILE, **fails: AmiError) -> None:
        self.file = file
        self.fails = fails
        self.asked: list[tuple[object, ...]] = []

    def action(self, name: str, fields: tuple[tuple[str, str], ...]) -> Message:
        """Answer as AMI does."""
        self.asked.append((name, *fields))
        if name in self.fails:
            raise self.fails[name]
        return Message((("Response", "Success"), ("Value", self.file)))


def renewal(asterisk: Asterisk) -> RecordingRenewal:
    """One that is connected with it."""
    made = RecordingRenewal()
    made.on_ready(cast(Any, asterisk))
    return made


def test_begins_anew_into_the_same_file() -> None:
    """The old one has ended before the new one begins."""
    asterisk = Asterisk()
    renewal(asterisk).on_event(LED)

    assert [GETVAR, STOP, BEGIN] == asterisk.asked


def test_a_call_that_is_not_recorded_is_left_alone() -> None:
    """The channel has no file."""
    asterisk = Asterisk(file="")
    renewal(asterisk).on_event(LED)

    assert [GETVAR] == asterisk.asked


def test_what_was_ended_is_begun_by_the_next_connection() -> None:
    """AMI breaks off in between: the rest of the call is not lost."""
    broken, whole = Asterisk(MixMonitor=AmiDisconnectedError("gone")), Asterisk()
    made = renewal(broken)
    made.on_event(LED)
    made.on_lost(AmiDisconnectedError("gone"))
    made.on_ready(cast(Any, whole))
    made.on_ready(cast(Any, whole))

    assert [BEGIN] == whole.asked


def test_a_call_that_is_over_is_given_up() -> None:
    """Asterisk knows of no such channel any more."""
    over, whole = Asterisk(MixMonitor=AmiRefusedError("No such channel")), Asterisk()
    made = renewal(over)
    made.on_event(LED)
    made.on_ready(cast(Any, whole))

    assert [] == whole.asked
