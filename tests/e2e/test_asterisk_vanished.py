"""A phone that vanishes in the middle of a talk, without a word: its caller is led on, whoever it was."""

from collections.abc import Iterator

import pytest

from hardware.asterisk import render
from hardware.softphone import Call, Phone, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi
from tests.support.ways_out import OPERATOR_HZ, OTHER_HZ, ask, talk, with_ways_out

SPEECHLESS_S = 3
LED_ON_S = SPEECHLESS_S + 15
"""Until the next phone rings: the silence is noticed, and a phone that is gone may be rung for a while."""


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """One that notices soon, with an agency and a number to fall back on."""
    server = with_ways_out(AsteriskServer(tmp_path_factory.mktemp("asterisk"), {"routing": {"fallback_number": "110"}}))
    carrier, backup = server.tables["trunks"]
    server.configure(server.tables | {"trunks": [carrier | {"rtp_timeout_seconds": SPEECHLESS_S}, backup]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "SPEECHLESS_SECONDS", SPEECHLESS_S)
        try:
            yield server.start()
        finally:
            server.close()


def takes(phone: Phone, caller: Call, tone_hz: int) -> None:
    """The next call, which the phone answers by itself; the caller hears it."""
    call = phone.incoming(LED_ON_S)
    call.wait_answered()
    call.play_tone(tone_hz)
    caller.wait_tone(tone_hz)


def test_by_a_route(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The script is told, and says who is next."""
    told: list[str] = []

    def script(script: Conversation) -> None:
        told.append(script.get("SIAGA112_DIALSTATUS"))
        script.route("1001" if len(told) == 1 else "1002")

    with (
        asterisk.phone("1001", answering()) as first,
        asterisk.phone("1002", answering()) as second,
        ScriptedAgi(asterisk.agi_port, script),
    ):
        caller = asterisk.dial(carrier)
        takes(first, caller, OPERATOR_HZ)
        first.vanish()
        takes(second, caller, OTHER_HZ)
        caller.hangup()
        record = asterisk.call_record(asterisk.events.wait("Siaga112Ended").get("CallID"))

    assert ["", "CHANUNAVAIL"] == told
    assert ("1002", True) == (record.operator, record.answered_at is not None)


def test_in_the_fallback(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Without any script the next phone rings."""
    with asterisk.phone("1001", answering()) as first:
        caller = asterisk.dial(carrier)
        takes(first, caller, OPERATOR_HZ)
        with asterisk.phone("1002", answering()) as second:
            first.vanish()
            takes(second, caller, OTHER_HZ)
            caller.hangup()


def test_outside(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The number outside is no last word either."""
    with asterisk.backup() as way_in:
        carrier.manners = answering()
        caller = asterisk.dial(way_in)
        takes(carrier, caller, OTHER_HZ)
        with asterisk.phone("1001", answering()) as operator:
            carrier.vanish()
            takes(operator, caller, OPERATOR_HZ)
            caller.hangup()


@pytest.mark.parametrize("blind", [False, True], ids=["asked", "blind"])
def test_after_a_transfer(asterisk: AsteriskServer, carrier: Phone, blind: bool) -> None:
    """A colleague who had been asked, or had been given the caller blindly."""
    with (
        asterisk.phone("1001") as operator,
        asterisk.phone("1002", answering()) as colleague,
        talk(asterisk, carrier, operator) as (caller, leg),
    ):
        ask(leg, "1002", "*42" if blind else "*41")
        takes(colleague, caller if blind else leg, OTHER_HZ)
        if not blind:
            leg.hangup()
            caller.wait_tone(OTHER_HZ)
        colleague.vanish()
        takes(operator, caller, OPERATOR_HZ)
