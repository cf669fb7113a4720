"""Toll fraud: from a trunk nobody reaches another trunk, and from a phone only the numbers that somebody configured."""

import re
from collections.abc import Iterator

import pytest

from hardware.asterisk.ami import AmiRefusedError
from hardware.softphone import answering, forwarding
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi
from tests.support.ways_out import AGENCY, NEIGHBOUR, NEIGHBOUR_AS_DIALLED, talk, with_ways_out

CONGESTION_HZ = 425
"""What a phone hears when nothing came of its call (ITU-T E.180 supplement 2)."""

FALLBACK = "110"
NEIGHBOUR_BY_TRUNK = NEIGHBOUR.removeprefix("+")
CALLED_BACK = "whom the script of a code names"

TRIED = (
    *("112", "110", "118", "911", "1", "100", "0", "00", "*", "#", "+", "a", "D", "Z"),
    *("+628123456789", "628123456789", "08123456789", "00628123456789", "0900123456", "+19005551234", "0113"),
    *("119", "0119", "9119", "1190", "+62119", "0331112", "62331112", "+62331112", "0062331112", "033111", "03311120"),
    *("1001", "1002", "1003", "1009", "10011", "01001", "trunk-carrier", "carrier"),
    *("*11", "*12", "*13", "*14", "*21", "*22", "*23", "*31", "*311001", "*321002", "*331003", "*311009", "*51"),
    *("*23#", "*230812", "*8", "*81001", "*41", "*41119", "*42119", "*99", "##", "**"),
    *("s", "h", "i", "t", "T", "o", "e", "failed", "siaga112-transfer", "siaga112-call-back", "_X.", "_.", "[0-9]"),
    *("119&PJSIP", "PJSIP/0900@trunk-carrier", "119@siaga112-transfer", "119;user=phone", "119 1", "Local/119"),
)
"""What a thief would dial."""

LED_TO = {
    AGENCY: {AGENCY, FALLBACK},
    NEIGHBOUR: {NEIGHBOUR_BY_TRUNK, FALLBACK},
    NEIGHBOUR_BY_TRUNK: {NEIGHBOUR_BY_TRUNK, FALLBACK},
    NEIGHBOUR_AS_DIALLED: {NEIGHBOUR_BY_TRUNK, FALLBACK},
    "1001": {FALLBACK},
    "1002": {FALLBACK},
    "1003": {FALLBACK},
}
"""Whom a caller may be led to, and the numbers outside that this can ring: who finds nobody there is a caller again."""

CODES = ("*11", "*12", "*13", "*14", "*21", "*22", "*23", "*311001", "*321002", "*331003")


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """An Asterisk with every way out that can be configured."""
    server = with_ways_out(AsteriskServer(tmp_path_factory.mktemp("asterisk"), {"ivr": {"record_pin": "1234"}}))
    server.configure(server.tables | {"routing": server.tables["routing"] | {"fallback_number": FALLBACK}})
    try:
        yield server.start()
    finally:
        server.close()


def reached(server: AsteriskServer, context: str, dialled: str) -> set[str] | None:
    """The numbers outside that Asterisk's dialplan can ring for who dials this there; None: it is refused."""
    assert server.client is not None
    found: set[str] = set()
    waiting, seen = [(context, dialled)], set()
    while waiting:
        place = waiting.pop()
        seen.add(place)
        try:
            steps = server.client.list_action("ShowDialPlan", (("Context", place[0]), ("Extension", place[1])))
        except AmiRefusedError:
            return None
        for step in steps:
            told = step.get("AppData")
            if step.get("Application") == "Dial":
                found |= set(re.findall(r"PJSIP/(.*?)@trunk-", told))
            waiting += {(name, "s") for name in re.findall(r"\b(siaga112-[a-z-]+),s,1", told)} - seen
    return {CALLED_BACK if "SIAGA112_TO_" in number else number for number in found}


def test_from_a_trunk_all_leads_here(asterisk: AsteriskServer) -> None:
    """Whatever was dialled: no number outside but the one that a caller gets whom nobody here answers."""
    found = {dialled: reached(asterisk, "siaga112-incoming", dialled) for dialled in TRIED}

    assert {dialled: {FALLBACK} for dialled in TRIED} == found


def test_from_a_phone_what_is_configured(asterisk: AsteriskServer) -> None:
    """Codes, colleagues and the numbers that callers are led to; all else is refused."""
    allowed = LED_TO | {code: {CALLED_BACK} for code in CODES} | {"*51": set()}

    found = {dialled: reached(asterisk, "siaga112-operator", dialled) for dialled in TRIED}

    assert dict.fromkeys(TRIED) | allowed == found


def test_who_is_led_on_gets_no_codes(asterisk: AsteriskServer) -> None:
    """A transfer has the same numbers as a phone, and none of its codes."""
    found = {dialled: reached(asterisk, "siaga112-transfer", dialled) for dialled in TRIED}

    assert dict.fromkeys(TRIED) | LED_TO == found


def test_nobody_else_comes_in(asterisk: AsteriskServer) -> None:
    """Only operators come in as operators, all others as callers; a trunk may transfer nobody."""
    assert asterisk.client is not None
    found = {}
    for listed in asterisk.client.list_action("PJSIPShowEndpoints"):
        name = listed.get("ObjectName")
        shown = asterisk.client.list_action("PJSIPShowEndpoint", (("Endpoint", name),))
        details = next(message for message in shown if message.event == "EndpointDetail")
        found[name] = (details.get("Context"), details.get("AllowTransfer"))

    phones = {name for name, (context, _) in found.items() if context == "siaga112-operator"}
    assert {"1001", "1002", "1003"} == phones
    assert {"siaga112-incoming"} == {context for name, (context, _) in found.items() if name not in phones}
    assert ["false"] * 2 == [found[f"trunk-{name}"][1] for name in ("carrier", "backup")]


@pytest.mark.parametrize("dialled", [AGENCY, NEIGHBOUR, "1001", "*23", "siaga112-transfer"])
def test_a_trunk_reaches_no_other_trunk(asterisk: AsteriskServer, dialled: str) -> None:
    """Whatever a caller dials is answered here, by a human here: not by an agency or a neighbour, and by no code."""
    with (
        asterisk.carrier() as carrier,
        asterisk.backup() as backup,
        asterisk.phone("1001", answering()) as operator,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")),
    ):
        call = asterisk.dial(carrier, dialled)
        operator.incoming().wait_answered()
        call.hangup()
        asterisk.wait_idle()

        assert [call] == list(carrier.calls)
        assert () == backup.calls


@pytest.mark.parametrize("target", ["112", FALLBACK, "+628123456789", "1009", "*11", "s"])
def test_a_caller_is_led_only_where_it_is_configured(asterisk: AsteriskServer, target: str) -> None:
    """An operator's phone, stolen or misused, leads no caller to a number that is not named."""
    with asterisk.carrier() as carrier, asterisk.phone("1001") as operator, talk(asterisk, carrier, operator) as legs:
        call, leg = legs
        leg.refer(target)
        leg.play_tone(1700)
        call.wait_tone(1700)
        call.hangup()
        leg.wait_ended()

        assert [call] == list(carrier.calls)


@pytest.mark.parametrize("target", [AGENCY, "1002"])
def test_a_caller_leads_nobody_on(asterisk: AsteriskServer, target: str) -> None:
    """REFER from a trunk is refused, also to a number that an operator may lead callers to; the talk goes on."""
    with asterisk.carrier() as carrier, asterisk.phone("1001") as operator, talk(asterisk, carrier, operator) as legs:
        call, leg = legs
        status = call.refer(target)
        leg.play_tone(1700)
        call.wait_tone(1700)
        calls = list(carrier.calls)

    assert (603, [call]) == (status, calls)


def test_a_phone_forwards_nobody(asterisk: AsteriskServer) -> None:
    """A phone that says 302, to a number that it may dial itself, is passed over: the next operator is rung."""
    tries = iter(("1001", "1002"))

    def in_turn(script: Conversation) -> None:
        script.route(next(tries))

    elsewhere = forwarding(f"sip:{AGENCY}@127.0.0.1")
    with (
        asterisk.carrier() as carrier,
        asterisk.phone("1001", elsewhere),
        asterisk.phone("1002", answering()) as operator,
        ScriptedAgi(asterisk.agi_port, in_turn),
    ):
        call = asterisk.dial(carrier)
        operator.incoming().wait_answered()
        call.hangup()
        asterisk.wait_idle()

        assert [call] == list(carrier.calls)


def test_a_trunk_forwards_nobody(asterisk: AsteriskServer) -> None:
    """A telecom operator that says 302 does not make us call somebody else."""
    with asterisk.carrier() as carrier, asterisk.backup() as backup, asterisk.phone("1001") as operator:
        carrier.manners = forwarding("sip:0900123456@127.0.0.1")
        asterisk.await_trunk("carrier")
        call = asterisk.dial(operator, AGENCY, number="1001")
        asked = carrier.incoming()
        call.wait_tone(CONGESTION_HZ, 10)
        call.hangup()
        asterisk.wait_idle()

        assert ((asked,), ()) == (carrier.calls, backup.calls)


@pytest.mark.parametrize(
    "dialled",
    ["119;phone-context=+62", "119%26PJSIP", "%2B19005551234", "0900123456;user=phone", "119%40127.0.0.2", "1%2F0"],
)
def test_odd_uris_are_no_way_round(asterisk: AsteriskServer, dialled: str) -> None:
    """Escapes and parameters in a SIP URI make no other number of it."""
    with asterisk.carrier() as outside, asterisk.phone("1001") as operator:
        call = asterisk.dial(operator, dialled, number="1001")
        refused = call.wait_ended()

        assert refused.status in {404, 484}
        assert () == outside.calls
