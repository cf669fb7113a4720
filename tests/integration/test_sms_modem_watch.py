"""A modem line that watches over its modem: alarms on the board, recovery, credit; messages come first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from hardware.modem import ladder
from hardware.modem.health import Trouble
from hardware.modem.ladder import Rung
from hardware.modem.memories import MemoryUse
from hardware.modem.pin_memory import SimPin
from hardware.modem.simulator import Fault, SimulatedModem
from sms_gateway import alarms, modem_line
from sms_gateway.health_board import ModemView
from sms_gateway.modem_watch import WatchSettings
from sms_gateway.signal_history import SignalHistory
from tests.support.eventual import eventually
from tests.support.impatience import make_impatient
from tests.support.sms import CITIZEN, MODEM, text_of
from tests.support.sms_line import Bench
from tickets.database.store import Store
from tickets.messages.outbox import OutgoingMessage, queue_outgoing

EVERYTHING = (
    "noise",
    "delay=0.2",
    "lost-notification",
    "garbage",
    "truncated-listing",
    "unplug=0.5",
    "silent=2",
    "reboot",
)


@pytest.fixture
def bench(redis_client: Redis, tmp_path: Path) -> Iterator[Bench]:
    """Redis and database."""
    with Store.open(f"sqlite:///{tmp_path / 'siaga112.db'}") as store:
        store.upgrade()
        yield Bench(redis_client, store)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are shorter than in service."""
    for name, seconds in (("POLL_S", 0.3), ("TICK_S", 0.05), ("RETRY_S", 0.1), ("HEALTH_S", 0.3)):
        monkeypatch.setattr(modem_line, name, seconds)
    monkeypatch.setattr(alarms, "SEARCHING_S", 0.0)
    make_impatient(monkeypatch)


def view(bench: Bench) -> ModemView:
    """What listings show."""
    return bench.board.read(MODEM)


def kinds(bench: Bench) -> list[str]:
    """The alarms that are on."""
    return [alarm.partition(":")[0] for alarm in view(bench).alarms]


def await_alarms(bench: Bench, *expected: str) -> None:
    """Wait until these are on and no others, the modem having been looked at."""
    eventually(f"alarms {expected}", lambda: view(bench).capacity is not None and [*expected] == kinds(bench))


def test_full_memory(bench: Bench, tmp_path: Path) -> None:
    """Drafts that fill the memory are an alarm, and its end is noticed."""
    with SimulatedModem(tmp_path / "m") as simulated, bench.line(str(tmp_path / "m")):
        await_alarms(bench)
        simulated.order(Fault.parse("memory-full"))
        await_alarms(bench, "memory_full")
        simulated.receive(CITIZEN, "menunggu di jaringan")
        simulated.clear_faults()
        await_alarms(bench)
        eventually("the message", lambda: [*map(text_of, bench.in_stream())] == ["menunggu di jaringan"])


def test_lost_network(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network is an alarm; the radio is restarted, then the modem; then a person is asked for."""
    monkeypatch.setitem(ladder.CLIMBS, Trouble.NETWORK, ((0.2, Rung.RADIO), (0.5, Rung.RESET), (1.0, Rung.ALARM)))
    with SimulatedModem(tmp_path / "m") as simulated, bench.line(str(tmp_path / "m")):
        await_alarms(bench)
        simulated.lose_network()
        eventually("the state", lambda: view(bench).state == "searching")
        eventually("a reset", lambda: simulated.starts)
        eventually("the alarms", lambda: kinds(bench) == ["no_network", "stuck"])
        simulated.lose_network(lost=False)
        await_alarms(bench)
        assert (1, "up") == (simulated.starts, view(bench).state)


def test_flapping(bench: Bench, tmp_path: Path) -> None:
    """A modem that comes and goes is an alarm, though each look may find it well."""
    with SimulatedModem(tmp_path / "m") as simulated, bench.line(str(tmp_path / "m")):
        await_alarms(bench)
        for _ in range(3):
            simulated.lose_network()
            eventually("the loss", lambda: view(bench).state == "searching")
            simulated.lose_network(lost=False)
            eventually("the return", lambda: view(bench).state == "up")
        await_alarms(bench, "flapping")


def test_signal_is_kept(bench: Bench, tmp_path: Path) -> None:
    """What each look finds of the signal is there for a day."""
    signals = SignalHistory(bench.redis)
    with SimulatedModem(tmp_path / "m"), bench.line(str(tmp_path / "m")):
        await_alarms(bench)
        found = eventually("a sample", lambda: signals.read(MODEM, datetime.now(UTC)))

    assert {-73} == {sample.dbm for sample in found}


def test_memories_are_shown(bench: Bench, tmp_path: Path) -> None:
    """Each by its name: which one is full decides what can be done."""
    with SimulatedModem(tmp_path / "m"), bench.line(str(tmp_path / "m")):
        await_alarms(bench)

        assert [MemoryUse("SM", 0, 50), MemoryUse("ME", 0, 255), MemoryUse("SR", 0, 100)] == view(bench).memories


def test_silence(bench: Bench, tmp_path: Path) -> None:
    """Nothing for so many hours, counted over restarts of ours, is an alarm until a message comes."""
    bench.board.keep_heard(MODEM, datetime.now(UTC) - timedelta(hours=5))
    watched = WatchSettings(silence_alarm_hours=4)
    with SimulatedModem(tmp_path / "m") as simulated, bench.line(str(tmp_path / "m"), watched=watched):
        await_alarms(bench, "silence")
        assert "5 h" in view(bench).alarms[0]
        simulated.receive(CITIZEN, "akhirnya")
        await_alarms(bench)


def test_silence_of_a_new_modem(bench: Bench, tmp_path: Path) -> None:
    """Where nothing was ever heard the hours begin now."""
    watched = WatchSettings(silence_alarm_hours=4)
    with SimulatedModem(tmp_path / "m"), bench.line(str(tmp_path / "m"), watched=watched):
        await_alarms(bench)
        assert bench.board.last_heard(MODEM) is not None


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("Sisa pulsa Anda Rp25.000", []),
        ("Sisa pulsa Anda Rp9.500,00 aktif s/d 01/12", ["credit_low"]),
        ("Pulsa Anda Rp0. Isi ulang!", ["no_credit"]),
    ],
)
def test_credit(bench: Bench, tmp_path: Path, says: str, expected: list[str]) -> None:
    """What the network says to the balance code is shown; too little left is an alarm, and none left another."""
    watched = WatchSettings(balance_ussd="*888#", credit_alarm_rupiah=10_000)
    with (
        SimulatedModem(tmp_path / "m", ussd={"*888#": says}),
        bench.line(str(tmp_path / "m"), watched=watched),
    ):
        eventually("the credit", lambda: view(bench).credit == says)
        await_alarms(bench, *expected)


def test_network_that_refuses_to_send(bench: Bench, tmp_path: Path) -> None:
    """A SIM that may not send is an alarm, while what comes in is taken in all the same."""
    with SimulatedModem(tmp_path / "m", faults=[Fault.parse("cms-error-21")]) as simulated:
        with bench.store.transaction() as session:
            queue_outgoing(session, OutgoingMessage(modem=MODEM, to=CITIZEN, text="balas", at=datetime.now(UTC)))
        with bench.line(str(tmp_path / "m")):
            await_alarms(bench, "send_refused")
            simulated.receive(CITIZEN, "masuk")
            eventually("the message", lambda: [*map(text_of, bench.in_stream())] == ["masuk"])


def test_refused_pin(bench: Bench, tmp_path: Path) -> None:
    """A refused PIN is an alarm and one lost try: it is not sent again."""
    pin = SimPin("0000", tmp_path / "pins")
    with SimulatedModem(tmp_path / "m", pin="4711") as simulated, bench.line(str(tmp_path / "m"), pin=pin):
        eventually("the alarm", lambda: kinds(bench) == ["pin"])
        assert 2 == simulated.pin_tries


@pytest.mark.parametrize("fault", EVERYTHING)
def test_no_fault_loses_a_message(bench: Bench, tmp_path: Path, fault: str) -> None:
    """What arrives before, during and after a fault is in the stream once; the modem is empty and up again."""
    texts = [f"pesan {number}" for number in range(30)]
    with SimulatedModem(tmp_path / "m") as simulated, bench.line(str(tmp_path / "m")):
        await_alarms(bench)
        for number, text in enumerate(texts):
            if number == 10:
                simulated.order(Fault.parse(fault))
            simulated.receive(CITIZEN, text)
        eventually("all", lambda: {*texts} <= {text_of(pdu) for pdu in bench.in_stream()}, limit_s=60)
        simulated.clear_faults()
        eventually("an empty modem", lambda: simulated.stored == ())
        eventually("up", lambda: view(bench).state == "up")
