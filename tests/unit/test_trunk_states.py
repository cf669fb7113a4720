"""How a trunk is, and why, in words."""

import socket
from pathlib import Path

import pytest

from hardware.asterisk.ami.views import Contact, ContactStatus
from hardware.asterisk.trunks.answers import meaning
from hardware.asterisk.trunks.registrations import last_refusals
from hardware.asterisk.trunks.state import TrunkCondition, TrunkState, trunk_state
from siaga112.settings import Trunk
from siaga112.trunks.board import names_looked_up

REACHABLE = Contact("trunk-a", "sip:192.0.2.1", ContactStatus.REACHABLE, 12.5)
SILENT = Contact("trunk-a", "sip:192.0.2.2", ContactStatus.UNREACHABLE, None)
UNREACHED = "does not answer OPTIONS: look at host, transport and the firewall"
UNASKED = Contact("trunk-a", "sip:192.0.2.3", ContactStatus.NON_QUALIFIED, None)


@pytest.mark.parametrize(
    ("registration", "places", "available", "condition", "reason"),
    [
        (None, (REACHABLE,), True, TrunkCondition.UP, ""),
        ("Registered", (REACHABLE, SILENT), True, TrunkCondition.UP, ""),
        (None, (UNASKED,), True, TrunkCondition.UP, ""),
        ("Unregistered", (REACHABLE,), True, TrunkCondition.REGISTERING, "not registered yet"),
        ("Rejected", (SILENT,), False, TrunkCondition.REJECTED, "the registration fails; refused by the operator"),
        (
            None,
            (SILENT,),
            False,
            TrunkCondition.DOWN,
            "does not answer OPTIONS: look at host, transport and the firewall",
        ),
        (None, (UNASKED,), False, TrunkCondition.DOWN, "has not answered OPTIONS yet"),
        (None, (), False, TrunkCondition.DOWN, "Asterisk has no such trunk; its configuration was not taken"),
    ],
    ids=["up", "one of two", "not qualified", "registering", "rejected", "silent", "not asked", "missing"],
)
def test_trunk_state(
    registration: str | None, places: tuple[Contact, ...], available: bool, condition: TrunkCondition, reason: str
) -> None:
    """What a trunk's registration and places say together."""
    state = trunk_state("a", registration, places, available=available, calls=2)

    assert (condition, reason, 2) == (state.condition, state.reason, state.calls)


def test_refusal_is_said_in_words() -> None:
    """A refused registration names the operator's answer, and what to look at."""
    state = trunk_state("a", "Rejected", (REACHABLE,), available=True, calls=0, refusal=403)

    assert "the registration fails; 403: the operator refuses" in state.reason


@pytest.mark.parametrize(
    ("status", "words"),
    [(488, "codec"), (503, "overloaded"), (499, "refuses our request"), (599, "has a fault"), (700, "does not know")],
)
def test_answers_have_a_meaning(status: int, words: str) -> None:
    """Every status code is explained, also one that no list has."""
    said = meaning(status)

    assert said.startswith(f"{status}: ")
    assert words in said


LOG = """
[2026-11-22 02:42:47.112] WARNING[1] res_pjsip_outbound_registration.c: '488' fatal response received from \
'sip:192.0.2.5:5060' on registration attempt to 'sip:u@192.0.2.5:5060', retrying in '60' seconds
[2026-11-22 02:42:47.113] WARNING[1] res_pjsip_outbound_registration.c: Temporal response '503' received from \
'sip:192.0.2.7' on registration attempt to 'sip:u@192.0.2.7', retrying in '20'
[2026-11-22 02:42:47.113] WARNING[1] res_pjsip_outbound_registration.c: 403 Forbidden fatal response received from \
'sip:192.0.2.7' on registration attempt to 'sip:u@192.0.2.7', retrying in '60' seconds
[2026-11-22 02:42:48.113] WARNING[1] res_pjsip_outbound_registration.c: No response received from \
'sip:192.0.2.8' on registration attempt to 'sip:u@192.0.2.8', retrying in '20'
""".replace("\\\n", "")


def test_last_refusal_counts(tmp_path: Path) -> None:
    """Each client's last refusal is found in Asterisk's log, whatever wording it has there."""
    log = tmp_path / "messages.log"
    log.write_text(LOG)

    assert {"sip:u@192.0.2.5:5060": 488, "sip:u@192.0.2.7": 403, "sip:u@192.0.2.8": 408} == last_refusals(log)


def test_no_log_no_refusals(tmp_path: Path) -> None:
    """Before Asterisk has written anything nothing is known."""
    assert {} == last_refusals(tmp_path / "messages.log")


def test_host_that_is_no_name_known_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asterisk says only that nobody answers; that the name is not found is what a person mends."""

    def found(host: str, _port: None) -> None:
        if host == "sip.exmaple.net":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", found)
    hosts = ("sip.exmaple.net:5060", "sip.example.net", "192.0.2.1")
    trunks = [Trunk(name=f"t{number}", host=host) for number, host in enumerate(hosts)]
    down = TrunkState("t", TrunkCondition.DOWN, UNREACHED, None, 0)
    states = names_looked_up(trunks, [down, down, down])

    mend = "mend the name, or this machine's resolver (/etc/resolv.conf)"
    assert [f"sip.exmaple.net is not found: {mend}", UNREACHED, UNREACHED] == [state.reason for state in states]
