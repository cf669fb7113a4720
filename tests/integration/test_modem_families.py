"""The driver on modems with the habits of real families: what each needs done differently is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from hardware.modem.driver import Modem
from hardware.modem.errors import ModemError
from hardware.modem.families import family_of
from hardware.modem.health import ModemState, Trouble
from hardware.modem.pdu import decode, encode_submit
from hardware.modem.simulator import PERSONALITIES, Fault, FaultKind, SimulatedModem
from hardware.modem.simulator.personality import Personality
from hardware.modem.transport.session import Session
from hardware.modem.ussd import UssdAnswer, UssdStatus
from tests.support.impatience import make_impatient
from tests.support.modem_rig import Wake, connected
from tests.support.stranger_modem import Habits, StrangerModem

SLOW_TO_LOAD = ("quectel", "simcom", "telit", "wavecom")
LIMIT_S = 20.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are waited for less than in service."""
    make_impatient(monkeypatch)


@pytest.fixture(params=PERSONALITIES.values(), ids=PERSONALITIES.keys())
def who(request: pytest.FixtureRequest) -> Personality:
    """Each personality in its turn."""
    personality: Personality = request.param
    return personality


def persistently(attempt: Callable[[], list[str | None]], wanted: list[str | None]) -> list[str | None]:
    """Try again as the modem line does, past the errors of a modem that restarts; gives what came last."""
    seen: list[str | None] = []
    until = monotonic() + LIMIT_S
    while seen != wanted and monotonic() < until:
        try:
            seen = attempt()
        except ModemError:
            Event().wait(0.2)  # the line's own pause between attempts
    return seen


def texts(modem: Modem) -> list[str | None]:
    """What is stored."""
    return [decode(one.pdu_hex).text for one in modem.list_stored() if one.received]


def test_every_family_receives_and_sends(who: Personality, tmp_path: Path) -> None:
    """A message wakes, is listed and goes when deleted; one is sent; the state is up."""
    wake = Wake()
    (reply,) = encode_submit("+628123456789", "Laporan diterima")
    with (
        SimulatedModem(tmp_path / "m", personality=who) as simulated,
        connected(str(tmp_path / "m"), wake=wake) as modem,
    ):
        wake.clear()
        simulated.receive("+628123456789", "tolong")
        assert wake.awaited()
        assert ["tolong"] == texts(modem)
        for one in modem.list_stored():
            modem.delete(one.memory, one.index)
        assert () == simulated.stored
        assert modem.send(reply.hex, reply.tpdu_length) == 1
        health = modem.health()
        assert (ModemState.UP, "510101234567890", None) == (health.state, health.imsi, health.trouble)


def test_every_family_is_there_again_after_a_restart(who: Personality, tmp_path: Path) -> None:
    """A modem that starts by itself is set up anew, what came meanwhile is listed, codes are told."""
    wake = Wake()
    with (
        SimulatedModem(tmp_path / "m", personality=who) as simulated,
        connected(str(tmp_path / "m"), wake=wake) as modem,
    ):
        simulated.order(Fault(FaultKind.REBOOT))
        simulated.receive("+628123456789", "sebelum")
        assert ["sebelum"] == persistently(lambda: texts(modem), ["sebelum"])
        assert modem.health().state is ModemState.UP
        wake.clear()
        simulated.receive("+628123456789", "sesudah")
        assert wake.awaited()


def test_every_family_can_be_restarted(who: Personality, tmp_path: Path) -> None:
    """The radio goes off and on again, the modem starts anew: each is done in a way that this family knows."""
    with SimulatedModem(tmp_path / "m", personality=who) as simulated, connected(str(tmp_path / "m")) as modem:
        assert modem.restart_radio()
        assert modem.health().state is ModemState.UP
        before = simulated.starts
        modem.reset()
        simulated.receive("+628123456789", "kembali")
        assert ["kembali"] == persistently(lambda: texts(modem), ["kembali"])
        assert before + 1 == simulated.starts


@pytest.mark.parametrize("name", ["generic", "huawei"])
@pytest.mark.parametrize("text", ["Sisa pulsa Anda Rp25.000.\nAktif s.d. 31.12.2026", "Pulsa ✓ Rp 10.000", "12345678"])
def test_credit_is_told(name: str, text: str, tmp_path: Path) -> None:
    """What the network answers to a USSD code comes as text, its line ends kept, however this family writes it."""
    wake, who = Wake(), PERSONALITIES[name]
    with (
        SimulatedModem(tmp_path / "m", personality=who, ussd={"*888#": text}),
        connected(str(tmp_path / "m"), wake=wake) as modem,
    ):
        assert UssdAnswer(UssdStatus.DONE, text) == ussd(modem, wake, "*888#")
        assert UssdAnswer(UssdStatus.NOT_SUPPORTED, "") == ussd(modem, wake, "*1#")


def ussd(modem: Modem, wake: Wake, code: str) -> UssdAnswer | None:
    """Ask the network, wait for what it says."""
    wake.clear()
    modem.ask_ussd(code)
    assert wake.awaited()
    return modem.take_ussd()


@pytest.mark.parametrize("name", ["huawei", "zte"])
def test_chatter_is_stopped(name: str, tmp_path: Path) -> None:
    """Codes that flood the line are turned off before anything else; ZTE's modem would hang after sixty of them."""
    with SimulatedModem(tmp_path / "m", personality=PERSONALITIES[name]) as simulated:
        assert simulated.chatters
        with connected(str(tmp_path / "m")) as modem:
            assert not simulated.chatters
            for number in range(80):
                simulated.receive("+628123456789", f"pesan {number}")
            for one in modem.list_stored():
                modem.delete(one.memory, one.index)
        assert () == simulated.stored


@pytest.mark.parametrize("name", SLOW_TO_LOAD)
def test_slow_sim_is_waited_for(name: str, tmp_path: Path) -> None:
    """A modem that has just got power refuses message commands for a while: it is connected to all the same."""
    faults = [Fault(FaultKind.REBOOT)]
    with SimulatedModem(tmp_path / "m", personality=PERSONALITIES[name], faults=faults) as simulated:
        simulated.receive("+628123456789", "lama menunggu")
        with connected(str(tmp_path / "m")) as modem:
            assert ["lama menunggu"] == persistently(lambda: texts(modem), ["lama menunggu"])


def test_old_telit_is_not_waited_for() -> None:
    """A GM862 says of its SIM that it is inserted and never more: what the standard's commands answer decides."""
    says = {"AT+CGMI": "Telit\nOK", "AT#QSS?": "#QSS: 0,1\nOK"}
    with StrangerModem(Habits(says=says)) as stranger, connected(stranger.port) as modem:
        assert "telit" == modem.family.name
        stranger.arrive("0791ZZ")
        assert ["0791ZZ"] == [one.pdu_hex for one in modem.list_stored()]
    assert 1 == stranger.commands.count("AT#QSS?")


def test_reset_reaches_a_modem_that_does_not_answer(tmp_path: Path) -> None:
    """What is shouted is heard, though nothing comes back."""
    with SimulatedModem(tmp_path / "m", faults=[Fault(FaultKind.GARBAGE, 1000)]) as simulated:
        session = Session(str(tmp_path / "m"), 115200, lambda urc: None)
        session.shout(family_of("", "").reset)
        simulated.clear_faults()
        with connected(str(tmp_path / "m")) as modem:
            assert modem.health().state is ModemState.UP
        assert 1 == simulated.starts


def test_silence_and_absence_are_told_apart(tmp_path: Path) -> None:
    """A modem that says nothing may be reset; one that is gone cannot."""
    with SimulatedModem(tmp_path / "m") as simulated, connected(str(tmp_path / "m")) as modem:
        simulated.order(Fault(FaultKind.SILENT, 120))
        health = modem.health()
        assert (ModemState.DOWN, Trouble.SILENT) == (health.state, health.trouble)
    health = modem.health()
    assert (ModemState.DOWN, Trouble.PORT) == (health.state, health.trouble)


@pytest.mark.parametrize(
    ("manufacturer", "model", "expected"),
    [
        ("huawei", "E173", "huawei"),
        ("ZTE CORPORATION", "MF627", "zte"),
        ("QUALCOMM INCORPORATED", "MF190", "zte"),
        ("Quectel", "EC25", "quectel"),
        ("SIMCOM INCORPORATED", "SIMCOM_SIM7600E", "simcom"),
        ("Telit", "LE910C1-EU", "telit"),
        ("WAVECOM MODEM", "MULTIBAND  900E  1800", "wavecom"),
        ("Sierra Wireless", "EM7455", "generic"),
        ("", "", "generic"),
    ],
)
def test_family_is_known_by_its_name(manufacturer: str, model: str, expected: str) -> None:
    """Maker or model decide; an unknown one is driven by the standard."""
    assert expected == family_of(manufacturer, model).name
