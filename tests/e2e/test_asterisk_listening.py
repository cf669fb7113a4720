"""Supervisors who listen, whisper and barge in: who hears whom, on each leg."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from hardware.softphone import Call, Phone, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi

CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ = 700, 900, 1700
CODES = {"listen": "*311001", "whisper": "*321001", "barge": "*331001"}
CONGESTION_HZ = 425


@dataclass(frozen=True)
class Overheard:
    """The three legs."""

    caller: Call
    operator: Call
    supervisor: Call


def lets(script: Conversation) -> None:
    """Route a caller to 1001, and let whoever dialled a code listen."""
    if script.environment["agi_network_script"] != "feature":
        script.route("1001")
        return
    script.set("SIAGA112_NEXT", "listen")
    script.set("SIAGA112_DONE", "1")


@contextmanager
def overheard(asterisk: AsteriskServer, carrier: Phone, how: str) -> Iterator[Overheard]:
    """A talk, and a supervisor who has dialled the code."""
    with (
        asterisk.phone("1001", answering()) as operator,
        asterisk.phone("1002") as supervisor,
        ScriptedAgi(asterisk.agi_port, lets),
    ):
        call = asterisk.dial(carrier)
        leg = operator.incoming()
        call.wait_answered()
        call.play_tone(CALLER_HZ)
        leg.wait_tone(CALLER_HZ)
        listening = asterisk.dial(supervisor, CODES[how], number="1002")
        listening.wait_tone(CALLER_HZ)
        yield Overheard(call, leg, listening)
        call.hangup()
        listening.wait_ended()  # with the call that was listened to
        asterisk.wait_idle()


@pytest.mark.parametrize("how", CODES)
def test_a_supervisor_hears_both(asterisk: AsteriskServer, carrier: Phone, how: str) -> None:
    """The caller, then the operator."""
    with overheard(asterisk, carrier, how) as legs:
        legs.caller.silence()
        legs.operator.play_tone(OPERATOR_HZ)
        legs.supervisor.wait_tone(OPERATOR_HZ)
        legs.caller.wait_tone(OPERATOR_HZ)


@pytest.mark.parametrize(
    ("how", "operator_hears", "caller_hears"),
    [("listen", False, False), ("whisper", True, False), ("barge", True, True)],
)
def test_who_hears_the_supervisor(
    asterisk: AsteriskServer, carrier: Phone, how: str, operator_hears: bool, caller_hears: bool
) -> None:
    """Nobody, the operator alone, or both."""
    with overheard(asterisk, carrier, how) as legs:
        legs.caller.silence()
        legs.supervisor.play_tone(SUPERVISOR_HZ)
        if caller_hears:
            legs.caller.wait_tone(SUPERVISOR_HZ)
        if operator_hears:
            legs.operator.wait_tone(SUPERVISOR_HZ)
        # Long enough for a tone to be told in what was heard last.
        assert not threading.Event().wait(1.0)

        heard = (legs.operator.hears_tone(SUPERVISOR_HZ), legs.caller.hears_tone(SUPERVISOR_HZ))
    assert (operator_hears, caller_hears) == heard


def test_listening_ends_with_the_supervisor_and_the_talk_goes_on(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Neither side notices."""
    with overheard(asterisk, carrier, "whisper") as legs:
        legs.supervisor.hangup()
        legs.operator.play_tone(OPERATOR_HZ)
        legs.caller.wait_tone(OPERATOR_HZ)
        legs.operator.wait_tone(CALLER_HZ)


def test_without_the_scripts_word_nobody_listens(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A script that refuses, fails or is not there: a tone, and not a sound of the talk."""
    with (
        asterisk.phone("1001", answering()) as operator,
        asterisk.phone("1002") as other,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")),
    ):
        call = asterisk.dial(carrier)
        leg = operator.incoming()
        call.play_tone(CALLER_HZ)
        leg.wait_tone(CALLER_HZ)
        refused = asterisk.dial(other, CODES["barge"], number="1002")
        refused.wait_ended(10)
        call.hangup()

    assert not refused.hears_tone(CALLER_HZ)
