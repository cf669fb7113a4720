"""What one modem sends: paced, marked, tried again or given up as the network's answer asks for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from hardware.modem.driver import Modem
from hardware.modem.pdu import decode, join
from hardware.modem.simulator import SimulatedModem
from sms_gateway.routing import DETOUR_AT
from sms_gateway.sender import ATTEMPTS
from tests.support.modem_rig import connected
from tests.support.sms import CITIZEN, MODEM, outgoing
from tests.support.sms_line import Bench
from tests.support.stranger_modem import Habits, StrangerModem
from tickets.database.store import Store
from tickets.errors import StoreUnavailableError
from tickets.messages.outbox import OutgoingMessage, claim_outgoing, queue_outgoing, requeue_failed
from tickets.messages.rerouting import stranded
from tickets.model.message import Message
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


@pytest.fixture
def stranger() -> Iterator[StrangerModem]:
    """A modem that sends."""
    with StrangerModem() as modem:
        yield modem


@pytest.fixture
def modem(stranger: StrangerModem) -> Iterator[Modem]:
    """The driver on it."""
    with connected(stranger.port) as driver:
        yield driver


def queue(store: Store, text: str = "Laporan diterima", to: str = CITIZEN) -> None:
    """A message that waits."""
    with store.transaction() as session:
        queue_outgoing(session, OutgoingMessage(modem=MODEM, to=to, text=text, at=datetime.now(UTC)))


def only(store: Store) -> Message:
    """The only message there is."""
    (message,) = outgoing(store)
    return message


def make_due(store: Store) -> None:
    """The time for the next attempt has come."""
    with store.transaction() as session:
        for message in session.query(Message):
            message.not_before = None


def test_sent_and_marked(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """A long text goes out in parts that are one text again, with validity and report asked for."""
    text = "Laporan BWI-2026-000123 diterima 🚒 " * 5
    queue(bench.store, text)
    sender = bench.sender(modem)
    assert [True, False] == [sender.send_next(), sender.send_next()]

    parts = [decode(body, sent=True) for body in stranger.bodies]
    assert 3 == len(parts)
    assert text == join(parts)
    assert {(CITIZEN, timedelta(hours=1), True)} == {(part.number, part.validity, part.wants_report) for part in parts}
    assert MessageState.SENT == only(bench.store).state


def test_modem_that_tells_no_reference(bench: Bench) -> None:
    """A modem may keep the reference to itself: the message counts as sent."""
    queue(bench.store)
    with StrangerModem(Habits(reference="")) as stranger, connected(stranger.port) as modem:
        assert bench.sender(modem).send_next()

    assert MessageState.SENT == only(bench.store).state


def test_too_old(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """What a modem could not send for longer than it is valid is given up; unless a person wants it sent."""
    queue(bench.store)
    with bench.store.transaction() as session:
        for message in session.query(Message):
            message.created_at -= timedelta(hours=1, minutes=1)
    sender = bench.sender(modem)
    assert sender.send_next()
    kept = only(bench.store)
    assert ([], MessageState.FAILED, "not sent within its validity") == (stranger.bodies, kept.state, kept.error)

    with bench.store.transaction() as session:
        requeue_failed(session, kept.id, at=datetime.now(UTC))
    assert sender.send_next()
    assert MessageState.SENT == only(bench.store).state


def test_pace(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """When the SIM has sent what it may within a minute the rest waits, unclaimed."""
    for number in range(3):
        queue(bench.store, f"Laporan {number}")
    sender = bench.sender(modem, per_minute=2)

    assert [True, True, False, False] == [sender.send_next() for _ in range(4)]
    assert 2 == len(stranger.bodies)
    assert [MessageState.QUEUED, MessageState.SENT, MessageState.SENT] == [
        message.state for message in outgoing(bench.store)
    ]


@pytest.mark.parametrize("refusal", ["+CMS ERROR: 331", "+CMS ERROR: 41", "ERROR", "+CMS ERROR: network timeout"])
def test_refused_for_now(bench: Bench, modem: Modem, stranger: StrangerModem, refusal: str) -> None:
    """What may pass is tried again, with longer pauses, and in the end given up with the reason."""
    stranger.refuses_to_send = refusal
    queue(bench.store)
    sender = bench.sender(modem)
    pauses, states = [], []
    for _ in range(ATTEMPTS):
        make_due(bench.store)
        before = datetime.now(UTC)
        assert sender.send_next()
        message = only(bench.store)
        states.append(message.state)
        if message.not_before is not None:
            pauses.append(round((message.not_before - before).total_seconds(), -1))

    assert [MessageState.QUEUED] * (ATTEMPTS - 1) + [MessageState.FAILED] == states
    assert [30, 60, 120, 240, 480] == pauses
    assert refusal in str(only(bench.store).error)
    assert not sender.send_next()


def test_refused_and_then_taken(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """A message that was refused goes out once the network takes it; until it is due nothing is tried."""
    stranger.refuses_to_send = "+CMS ERROR: 331"
    queue(bench.store)
    sender = bench.sender(modem)
    tried = [sender.send_next(), sender.send_next()]
    stranger.refuses_to_send = ""
    make_due(bench.store)
    tried.append(sender.send_next())

    assert [True, False, True] == tried
    assert (MessageState.SENT, None, 1) == (only(bench.store).state, only(bench.store).error, len(stranger.bodies))


@pytest.mark.parametrize("refusal", ["+CMS ERROR: 1", "+CMS ERROR: 28", "+CMS ERROR: 304"])
def test_refused_for_good(bench: Bench, modem: Modem, stranger: StrangerModem, refusal: str) -> None:
    """A number that does not exist and a message that is wrong are given up at once."""
    stranger.refuses_to_send = refusal
    queue(bench.store)
    assert bench.sender(modem).send_next()

    assert (MessageState.FAILED, f"AT+CMGS: {refusal}") == (only(bench.store).state, only(bench.store).error)


@pytest.mark.parametrize(("refusal", "elsewhere"), [("+CMS ERROR: 21", True), ("+CMS ERROR: 41", False)])
def test_refusal_that_another_line_may_not_give(
    bench: Bench, modem: Modem, stranger: StrangerModem, refusal: str, elsewhere: bool
) -> None:
    """A SIM that may not send does not have to refuse three times before another line is tried; a busy network has."""
    queue(bench.store)
    stranger.refuses_to_send = refusal
    assert bench.sender(modem).send_next()
    with bench.store.reading() as session:
        waiting = stranded(session, (), attempts=DETOUR_AT, limit=1)

    assert (MessageState.QUEUED, elsewhere) == (only(bench.store).state, bool(waiting))


def test_number_that_is_none(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """What cannot be written as an address never reaches the modem, and holds up no other."""
    queue(bench.store, to="TELKOMSEL")
    queue(bench.store, "Laporan kedua")
    sender = bench.sender(modem)
    assert [True, True, False] == [sender.send_next() for _ in range(3)]

    assert [MessageState.SENT, MessageState.FAILED] == [message.state for message in outgoing(bench.store)]


def test_unplugged(bench: Bench, tmp_path: Path) -> None:
    """A modem that goes away leaves the message for later."""
    queue(bench.store)
    with SimulatedModem(tmp_path / "modem"):
        driver = Modem(MODEM, str(tmp_path / "modem"), on_wake=lambda: None)
        driver.connect()
    assert bench.sender(driver).send_next()
    driver.close()

    assert MessageState.QUEUED == only(bench.store).state


def test_interrupted_sender(bench: Bench, modem: Modem, stranger: StrangerModem) -> None:
    """What a process that was killed was sending is sent by the next one."""
    queue(bench.store)
    with bench.store.transaction() as session:
        claim_outgoing(session, MODEM, datetime.now(UTC))
    assert bench.sender(modem).send_next()

    assert (MessageState.SENT, 1) == (only(bench.store).state, len(stranger.bodies))


def test_database_away_when_it_was_sent(
    bench: Bench, modem: Modem, stranger: StrangerModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away while the modem sends: once it is back that is written, and not sent again."""
    queue(bench.store)
    sender = bench.sender(modem)
    transaction = bench.store.transaction
    begun: list[bool] = []

    @contextmanager
    def away_after_the_first() -> Iterator[Session]:
        begun.append(True)
        if len(begun) in (2, 3):
            raise StoreUnavailableError("database unavailable")
        with transaction() as session:
            yield session

    monkeypatch.setattr(bench.store, "transaction", away_after_the_first)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            sender.send_next()
    between = only(bench.store).state
    assert not sender.send_next()

    assert (MessageState.SENDING, MessageState.SENT, 1) == (between, only(bench.store).state, len(stranger.bodies))


def test_idle_sender_locks_nobody_out(bench: Bench, modem: Modem, tmp_path: Path) -> None:
    """Looking into an empty outbox needs no lock: it goes on while somebody else writes."""
    sender = bench.sender(modem)
    assert not sender.send_next()
    with closing(sqlite3.connect(tmp_path / "siaga112.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not sender.send_next()
        other.execute("ROLLBACK")
