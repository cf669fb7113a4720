"""A phone that answers and is gone: its caller still needs a human, and a conversation that was one ends."""

import threading

from hardware.asterisk.render import SPOKEN_SECONDS
from hardware.softphone import IncomingCall, Phone
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi

TONE_HZ = 660
SPOKEN_S = SPOKEN_SECONDS + 0.3
"""Longer than what counts as no conversation."""


def answered(phone: Phone) -> IncomingCall:
    """The next call, taken."""
    call = phone.incoming(15)
    call.answer()
    call.wait_answered()
    return call


def test_route_leads_on_to_the_next_operator(asterisk: AsteriskServer, carrier: Phone) -> None:
    """An operator's phone answers and drops: the script is asked for the next one, who is heard."""
    told: list[str] = []

    def script(script: Conversation) -> None:
        told.append(script.get("SIAGA112_DIALSTATUS"))
        script.route("1001" if len(told) == 1 else "1002")

    with asterisk.phone("1001") as first, asterisk.phone("1002") as second, ScriptedAgi(asterisk.agi_port, script):
        caller = asterisk.dial(carrier)
        answered(first).hangup()
        answered(second).play_tone(TONE_HZ)
        caller.wait_tone(TONE_HZ, 10)
        caller.hangup()
        record = asterisk.call_record(asterisk.events.wait("Siaga112Ended").get("CallID"))

    assert ["", "CHANUNAVAIL"] == told
    assert "1002" == record.operator


def test_fallback_rings_again(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Without any script: whoever answered and dropped is rung again, and heard."""
    with asterisk.phone("1001") as operator:
        caller = asterisk.dial(carrier)
        answered(operator).hangup()
        answered(operator).play_tone(TONE_HZ)
        caller.wait_tone(TONE_HZ, 10)
        caller.hangup()


def test_end_of_a_conversation_is_the_end(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The operator hangs up after a talk: the call is over for the caller, by a route and in the fallback."""
    with asterisk.phone("1001") as operator:
        with ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")):
            _converse(asterisk, carrier, operator)
        asterisk.wait_idle()
        asterisk.events.seen.clear()
        _converse(asterisk, carrier, operator)


def test_clock_that_was_set_back_leads_to_a_human(asterisk: AsteriskServer, carrier: Phone) -> None:
    """How long they talked cannot be told then: the phone rings again, rather than nobody's."""
    with asterisk.phone("1001") as operator:
        caller = asterisk.dial(carrier)
        talk = answered(operator)
        channel = asterisk.events.wait("Newchannel").get("Channel")
        asterisk.events.wait("Siaga112Answered")
        # As if the talk had begun in 2100.
        asterisk.asterisk.command(f"dialplan set chanvar {channel} SIAGA112_TALK_SINCE 4102444800.000000")
        assert not threading.Event().wait(SPOKEN_S)
        talk.hangup()
        answered(operator).play_tone(TONE_HZ)
        caller.wait_tone(TONE_HZ, 10)
        caller.hangup()


def _converse(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> None:
    caller = asterisk.dial(carrier)
    talk = answered(operator)
    asterisk.events.wait("Siaga112Answered")
    # What is promised is a length of talk: it has to pass.
    assert not threading.Event().wait(SPOKEN_S)
    talk.hangup()
    caller.wait_ended(5)

    assert "1" == asterisk.events.wait("Siaga112Ended").get("Answered")
