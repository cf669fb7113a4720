"""One test call: to 112 at our own Asterisk, as a trunk would bring it, up to where a human would be rung."""

import re
import time

from hardware.asterisk.probe_way import SOURCE, Clearing, ProbeWay
from hardware.softphone import EndedBy, Ending, OutgoingCall, Phone, SoftphoneError, WaitError

ANSWER_LIMIT_S = 4.0
END_LIMIT_S = 10.0
"""A script that is silent for 4 s is left by the dialplan, and the greeting lasts less than 3 s."""

_CAUSE = re.compile(r"Q\.850\s*;\s*cause=(\d+)")

_WRONG = {
    Clearing.UNDECIDED: "no script said where the call goes: does `siaga112 agi` run, and Redis, and the switchboard?",
    Clearing.SILENT: "the script fell silent: `siaga112 agi` hangs, or the machine is overloaded",
}


class ProbeFailedError(Exception):
    """The test call did not come to where a human would be rung; the text says how far it came."""


def place_call(way: ProbeWay, number: str) -> float:
    """Call `number` and follow the call to its end; the seconds that it took. Raises `ProbeFailedError`."""
    began = time.monotonic()
    try:
        with Phone(way.endpoint, (SOURCE, 0), password=way.password) as phone:
            call = phone.call(f"sip:{number}@{way.host}:{way.port}")
            _follow(call)
    except (SoftphoneError, OSError) as error:
        raise ProbeFailedError(f"it could not be placed: {error}") from error
    return time.monotonic() - began


def _follow(call: OutgoingCall) -> None:
    try:
        call.wait_answered(ANSWER_LIMIT_S)
    except WaitError as error:
        ended = f": {call.ending}" if call.ending else ""
        raise ProbeFailedError(f"Asterisk does not answer it{ended}") from error
    try:
        ending = call.wait_ended(END_LIMIT_S)
    except WaitError as error:
        raise ProbeFailedError(f"it had no end within {END_LIMIT_S:g} s") from error
    clearing = _clearing(ending)
    if clearing is not Clearing.DECIDED:
        raise ProbeFailedError(_WRONG[clearing] if clearing else f"it ended before its time: {ending}")
    if not call.heard_seconds:
        raise ProbeFailedError(
            "no sound came: siaga112 prompts build, and are the UDP ports of [asterisk] rtp_ports free?"
        )


def _clearing(ending: Ending) -> Clearing | None:
    found = _CAUSE.search(ending.reason)
    cause = int(found[1]) if ending.by is EndedBy.PEER and found else None
    return Clearing(cause) if cause in list(Clearing) else None
