"""One modem's line: what it has stored is deleted only once it is in the stream, and its trouble is its own."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from hardware.modem.driver import Modem
from hardware.modem.errors import PortLostError
from hardware.modem.simulator import PERSONALITIES, Fault, SimulatedModem
from hardware.modem.simulator.personality import Personality
from sms_gateway import modem_line
from tests.support.eventual import LIMIT_S, eventually
from tests.support.impatience import make_impatient
from tests.support.redis_server import RedisServer
from tests.support.sms import CITIZEN, MODEM, city, intake_of, outgoing, pdus, text_of, tickets_of
from tests.support.sms_line import Bench
from tests.support.stranger_modem import Habits, StrangerModem
from tickets.database.store import Store
from tickets.messages.outbox import OutgoingMessage, queue_outgoing
from tickets.vocabulary import MessageState


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """SQLite, which has the locks that hurt."""
    with Store.open(f"sqlite:///{tmp_path / 'siaga112.db'}") as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def bench(redis_client: Redis, store: Store) -> Bench:
    """Redis and database."""
    return Bench(redis_client, store)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are shorter than in service."""
    for name, seconds in (("POLL_S", 0.3), ("TICK_S", 0.05), ("RETRY_S", 0.1)):
        monkeypatch.setattr(modem_line, name, seconds)
    make_impatient(monkeypatch)


def await_in_stream(bench: Bench, *texts: str) -> None:
    """Wait until messages with these texts are in the stream."""
    eventually(f"{texts} in the stream", lambda: {*texts} <= {text_of(pdu) for pdu in bench.in_stream()})


def await_state(bench: Bench, state: str, name: str = MODEM) -> str:
    """Wait until a modem is shown so; gives the reason."""
    eventually(f"{name} {state}", lambda: bench.board.read(name).state == state)
    return bench.board.read(name).reason


def queue(store: Store, text: str = "Laporan diterima", modem: str = MODEM) -> None:
    """A reply that waits."""
    with store.transaction() as session:
        queue_outgoing(session, OutgoingMessage(modem=modem, to=CITIZEN, text=text, at=datetime.now(UTC)))


def test_stored_before_and_after(bench: Bench) -> None:
    """What lay in the modem and what arrives later are in the stream, each once, and gone from the modem."""
    with StrangerModem() as modem:
        modem.arrive(*pdus("Banjir"))
        with bench.line(modem.port):
            await_in_stream(bench, "Banjir")
            modem.arrive(*pdus("Longsor"))
            await_in_stream(bench, "Longsor")
            assert modem.wait_empty(LIMIT_S)

    assert ["Banjir", "Longsor"] == [text_of(pdu) for pdu in bench.in_stream()]


def test_no_notifications(bench: Bench) -> None:
    """A modem that never tells is asked."""
    with StrangerModem(Habits(tells=False)) as modem, bench.line(modem.port) as line:
        assert line.wait_attempted(LIMIT_S)
        modem.arrive(*pdus("Banjir"))
        await_in_stream(bench, "Banjir")


def test_redis_away(bench: Bench, redis_server: RedisServer) -> None:
    """While Redis is away the modem keeps everything; once it is back all of it is taken, each once."""
    texts = [f"Banjir {number}" for number in range(5)]
    with StrangerModem() as modem, bench.line(modem.port) as line:
        assert line.wait_attempted(LIMIT_S)
        redis_server.kill()
        for text in texts:
            modem.arrive(*pdus(text))
        listed = modem.commands.count("AT+CMGL=4")
        eventually("it was listed in vain", lambda: modem.commands.count("AT+CMGL=4") > listed + 2)
        kept = len(modem.stored)
        redis_server.start()
        await_in_stream(bench, *texts)
        assert modem.wait_empty(LIMIT_S)

    assert len(texts) == kept
    assert texts == [text_of(pdu) for pdu in bench.in_stream()]


def test_killed_between_keeping_and_deleting(bench: Bench, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes next finds in the modem what is in the stream already: twice in the stream, one ticket."""

    def delete(modem: Modem, _memory: str, _index: int) -> None:
        raise PortLostError(modem.name, "killed")

    with StrangerModem() as modem:
        modem.arrive(*pdus("Banjir"))
        with monkeypatch.context() as patched:
            patched.setattr(Modem, "delete", delete)
            with bench.line(modem.port):
                await_in_stream(bench, "Banjir")
        with bench.line(modem.port):
            assert modem.wait_empty(LIMIT_S)
    intake = intake_of(store, city())
    entries = bench.entries()
    for fields in entries:
        intake.handle(fields)

    assert ["Banjir", "Banjir"] == [text_of(fields["pdu"]) for fields in entries]
    assert ["Banjir"] == [ticket.text for ticket in tickets_of(store)]


def test_message_that_cannot_be_deleted(bench: Bench) -> None:
    """It goes into the stream once, and keeps none behind it from being read and deleted."""
    with StrangerModem() as modem:
        modem.refuses_to_delete = {1}
        modem.arrive(*pdus("Banjir"), *pdus("Longsor"))
        with bench.line(modem.port):
            await_in_stream(bench, "Banjir", "Longsor")
            modem.arrive(*pdus("Gempa"))
            await_in_stream(bench, "Gempa")
            eventually("the others are deleted", lambda: len(modem.stored) == 1)

    assert ["Banjir", "Longsor", "Gempa"] == [text_of(pdu) for pdu in bench.in_stream()]


def test_line_that_lost_octets(bench: Bench) -> None:
    """A message that comes damaged is asked for again before it is believed."""
    (pdu,) = pdus("Banjir")
    with StrangerModem() as modem:
        modem.garbles = {pdu}
        modem.arrive(pdu)
        with bench.line(modem.port):
            await_in_stream(bench, "Banjir")

    assert [pdu] == bench.in_stream()


def test_rotten_message(bench: Bench) -> None:
    """One that is damaged in the modem goes into the stream as it is, among the others."""
    with StrangerModem() as modem:
        modem.arrive(*pdus("Banjir"), "0791ZZ", *pdus("Longsor"))
        with bench.line(modem.port):
            eventually("all three", lambda: len(bench.in_stream()) == 3)
            assert modem.wait_empty(LIMIT_S)

    assert {"0791ZZ"} < {*bench.in_stream()}


def test_unplugged_and_back(bench: Bench, tmp_path: Path) -> None:
    """A modem that is unplugged is shown as down; plugged in again it is read and sends, without anybody's doing."""
    link = tmp_path / "modem"
    with bench.line(str(link)):
        with SimulatedModem(link):
            await_state(bench, "up")
        reason = await_state(bench, "down")
        queue(bench.store)
        with SimulatedModem(link) as again:
            again.receive(CITIZEN, "Banjir")
            await_in_stream(bench, "Banjir")
            eventually("the reply", lambda: again.sent)
            await_state(bench, "up")

    assert str(link) in reason


def test_others_are_not_touched(bench: Bench, tmp_path: Path) -> None:
    """A modem that is not there and one that says nothing: the third works as if they were not."""
    mute = Habits(echo=False, unknown="", without=frozenset({"+CMGF", "E0"}), says={"AT": "", "ATQ0V1": ""})
    with (
        StrangerModem(mute) as silent,
        StrangerModem() as modem,
        bench.line(str(tmp_path / "nowhere"), name="absent"),
        bench.line(silent.port, name="silent"),
        bench.line(modem.port),
    ):
        modem.arrive(*pdus("Banjir"))
        await_in_stream(bench, "Banjir")
        await_state(bench, "up")
        await_state(bench, "down", "absent")


def test_locked_sim(bench: Bench, tmp_path: Path) -> None:
    """A SIM that wants its PIN is shown so, and not as a modem that fails."""
    link = tmp_path / "modem"
    with SimulatedModem(link, pin="1234"), bench.line(str(link)):
        await_state(bench, "pin")
        # Shown anew at every look; another state in between would be seen here.
        bench.redis.delete(f"siaga112:modem:{MODEM}")
        eventually("the next look", lambda: bench.redis.exists(f"siaga112:modem:{MODEM}"))
        view = bench.board.read(MODEM)

    assert ("pin", "the SIM asks for its PIN and none is configured") == (view.state, view.reason)


def test_reply_and_report(bench: Bench, store: Store, tmp_path: Path) -> None:
    """A reply goes out while messages come in, and the report about it goes the way of all messages."""
    link = tmp_path / "modem"
    intake = intake_of(store, city())
    with SimulatedModem(link) as modem, bench.line(str(link)):
        queue(store)
        modem.receive(CITIZEN, "Banjir")
        await_in_stream(bench, "Banjir")
        eventually("two entries", lambda: len(bench.in_stream()) == 2)
        (sent,) = modem.sent
    for fields in bench.entries():
        intake.handle(fields)

    assert (CITIZEN, "Laporan diterima") == (sent.number, sent.text)
    (ticket,) = tickets_of(store)
    assert {(None, MessageState.DELIVERED), (ticket.id, MessageState.QUEUED)} == {
        (reply.ticket_id, reply.state) for reply in outgoing(store)
    }


def test_outbox_that_fails(bench: Bench, tmp_path: Path) -> None:
    """Whatever is wrong with the database: what citizens send is taken in."""
    with (
        Store.open(f"sqlite:///{tmp_path / 'empty.db'}") as without_schema,
        StrangerModem() as modem,
        Bench(bench.redis, without_schema).line(modem.port) as line,
    ):
        assert line.wait_attempted(LIMIT_S)
        for text in ("Banjir", "Longsor"):
            modem.arrive(*pdus(text))
            await_in_stream(bench, text)


def test_outbox_of_a_first_start(bench: Bench, tmp_path: Path) -> None:
    """Until the worker has made the tables replies wait, which nobody need be warned of; then they go out."""
    with (
        capture_logs() as said,
        Store.open(f"sqlite:///{tmp_path / 'new.db'}") as new,
        SimulatedModem(tmp_path / "modem") as modem,
        Bench(bench.redis, new).line(str(tmp_path / "modem")),
    ):
        waits = eventually("it waits", lambda: [entry for entry in said if entry["event"] == "outbox.waits"])
        new.upgrade()
        queue(new)
        eventually("the reply", lambda: modem.sent)

    assert {"info"} == {entry["log_level"] for entry in waits}


@pytest.mark.parametrize("personality", PERSONALITIES.values(), ids=PERSONALITIES)
def test_families_of_modems(bench: Bench, store: Store, tmp_path: Path, personality: Personality) -> None:
    """Whoever made the modem: what it stores is taken, and what waits goes out by it."""
    link = tmp_path / "modem"
    queue(store)
    with SimulatedModem(link, personality=personality) as modem, bench.line(str(link)):
        modem.receive(CITIZEN, "Banjir " * 30)
        eventually("both parts", lambda: len({text_of(pdu) for pdu in bench.in_stream()}) >= 2)
        eventually("the reply", lambda: modem.sent)
        await_state(bench, "up")


@pytest.mark.parametrize("name", ["noise", "delay=0.2", "unplug=0.5", "lost-notification", "reboot"])
def test_faults_that_pass(bench: Bench, store: Store, tmp_path: Path, name: str) -> None:
    """Whatever happens to the line while messages come: all of them are taken, and the reply goes out once."""
    link = tmp_path / "modem"
    texts = [f"Banjir {number}" for number in range(5)]
    with SimulatedModem(link) as modem, bench.line(str(link)) as line:
        assert line.wait_attempted(LIMIT_S)
        modem.receive(CITIZEN, texts[0])
        modem.order(Fault.parse(name))
        for text in texts[1:]:
            modem.receive(CITIZEN, text)
        await_in_stream(bench, *texts)
        queue(store)
        eventually("the reply", lambda: modem.sent)

    assert {*texts} == {text_of(pdu) for pdu in bench.in_stream()} - {None}
    assert 1 == len(modem.sent)


def test_chattering_modem(bench: Bench) -> None:
    """A modem that tells its signal several times a second is never quiet, and is used all the same."""
    over = threading.Event()
    with StrangerModem() as modem:
        chatter = threading.Thread(target=modem.chatter, args=("^RSSI: 17", 0.1, over))
        chatter.start()
        try:
            modem.arrive(*pdus("Banjir"))
            with bench.line(modem.port):
                await_in_stream(bench, "Banjir")
                await_state(bench, "up")
        finally:
            over.set()
            chatter.join()


def test_fault_of_our_own(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in our code costs the line a pause, not its life, and is shown."""
    faults = iter([ZeroDivisionError("ours")])
    list_stored = Modem.list_stored

    def sometimes(modem: Modem, *, told_only: bool) -> object:
        for fault in faults:
            raise fault
        return list_stored(modem, told_only=told_only)

    monkeypatch.setattr(Modem, "list_stored", sometimes)
    with StrangerModem() as modem:
        modem.arrive(*pdus("Banjir"))
        with bench.line(modem.port):
            await_in_stream(bench, "Banjir")


MANY = [f"Pohon tumbang nomor {number}" for number in range(30)]


def test_many_are_deleted_several_at_once(bench: Bench, tmp_path: Path) -> None:
    """A modem that reads several commands on a line is emptied with fewer lines than messages."""
    with SimulatedModem(tmp_path / "m") as simulated:
        for text in MANY:
            simulated.receive(CITIZEN, text)
        with bench.line(str(tmp_path / "m")):
            eventually("an empty modem", lambda: simulated.stored == ())

    assert sorted(MANY) == sorted(map(text_of, bench.in_stream()))


@pytest.mark.parametrize("refused", [set(), {1}, {6, 7}])
def test_modem_that_deletes_one_at_a_time(bench: Bench, refused: set[int]) -> None:
    """One that answers well and carries out the first of several only: each message is kept once, and all go.

    A place that it does not let go keeps no other from going.
    """
    says = {"AT+CSCA?;+CPMS?": '+CSCA: "+62811000000",145\n+CPMS: 30,200\nOK'}
    with StrangerModem(Habits(says=says)) as modem:
        modem.refuses_to_delete = refused
        modem.arrive(*[pdu for text in MANY for pdu in pdus(text)])
        with bench.line(modem.port):
            eventually("an empty modem", lambda: len(modem.stored) == len(refused))

    assert sorted(MANY) == sorted(map(text_of, bench.in_stream()))
