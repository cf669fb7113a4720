"""What a caller, a trunk or a stranger sends is data: never a command, an event of its own, or a way out."""

import pytest

from hardware.softphone import Phone, RegistrationError, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import ScriptedAgi

CONGESTION_HZ = 425
"""Of Indonesia's tone for "it cannot be done" (ITU-T E.180 supplement 2)."""

HOSTILE = (
    "status will follow",
    '","EXEC System touch',
    "${SHELL(touch)}",
    "a,b,c(d)e;f|g",
    "x\\r\\nAction: Command",
    "CallID: 1,Operator: 1001",
    "$[1/0]",
    "'; DROP TABLE calls; --",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_caller_name(asterisk: AsteriskServer, carrier: Phone, name: str) -> None:
    """The name that a caller gives goes nowhere: not to the phone, not into events; AMI goes on."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    with (
        asterisk.phone("1001") as operator,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001", label="Medis")),
    ):
        call = asterisk.dial(carrier, display_name=quoted)
        shown = operator.incoming().remote_name
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")

    assert "Medis" == shown
    assert "+628123456789" == ended.get("Caller")
    assert "PJSIP/trunk-carrier" == ended.get("Channel").rpartition("-")[0]


@pytest.mark.parametrize("number", [text for text in HOSTILE if " " not in text])
def test_hostile_caller_number(asterisk: AsteriskServer, carrier: Phone, number: str) -> None:
    """A number of the caller's making is filtered in events and in the record; the call goes its way."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier, number=number)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
        record = asterisk.call_record(ended.get("CallID"))

    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+*#._-")
    assert set(ended.get("Caller")) <= allowed
    assert "1001" == ended.get("Operator")
    assert ended.get("Caller") == record.caller


@pytest.mark.parametrize("dialled", ["${SHELL(id)}", "112&PJSIP/1002", "1|2", "112;x=y", "a$[1/0]"])
def test_hostile_dialled_number(asterisk: AsteriskServer, carrier: Phone, dialled: str) -> None:
    """So is the number that was dialled."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier, dialled)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()
        record = asterisk.call_record(asterisk.events.wait("Siaga112Ended").get("CallID"))

    assert set(record.did) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+*#._-")


def test_caller_who_takes_an_operators_name_stays_a_caller(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A From that names an operator is not asked for that operator's password: the trunk's address decides."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier, number="1002")
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "carrier" == asterisk.events.wait("Siaga112Ended").get("Trunk")


@pytest.mark.parametrize("user", ["1001", "1003", "+628123456789"])
def test_stranger_gets_nowhere(asterisk: AsteriskServer, user: str) -> None:
    """From an address that is no trunk's nobody calls in, whoever the From names."""
    with Phone(user, ("127.0.0.77", 0)) as stranger:
        call = asterisk.dial(stranger, number=user)
        refused = call.wait_ended()

    assert refused.status in {401, 403}
    assert asterisk.events.find("Newchannel") is None


def test_stranger_cannot_register(asterisk: AsteriskServer) -> None:
    """A phone at a fixed address has no password, and so nobody may register in its name."""
    with (
        Phone("1003", ("127.0.0.77", 0), registrar=asterisk.sip) as stranger,
        pytest.raises(RegistrationError),
    ):
        stranger.register()


@pytest.mark.parametrize(
    "dialled",
    [
        "112",
        "110",
        "119",
        "1009",
        "+628123456789",
        "s",
        "h",
        "*8",
        "*99",
        "*311009",
        "*31",
        "1001&PJSIP",
    ],
)
def test_what_is_not_configured_is_refused(asterisk: AsteriskServer, dialled: str) -> None:
    """What an operator's phone dials is refused unless it is named: there is no way from a phone to a trunk."""
    with asterisk.phone("1001") as operator, asterisk.carrier() as outside:
        call = asterisk.dial(operator, dialled, number="1001")
        refused = call.wait_ended()

        assert refused.status in {404, 484}
        assert () == outside.calls


@pytest.mark.parametrize("dialled", ["*11", "*23", "1002"])
def test_codes_and_colleagues_lead_to_no_trunk(asterisk: AsteriskServer, dialled: str) -> None:
    """A feature code without its script, and a colleague whose phone is off: a tone, and nothing outside rings."""
    with asterisk.phone("1001") as operator, asterisk.carrier() as outside:
        call = asterisk.dial(operator, dialled, number="1001")
        call.wait_tone(CONGESTION_HZ)
        call.wait_ended(10)

        assert () == outside.calls
