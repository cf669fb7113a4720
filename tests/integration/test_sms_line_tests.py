"""Test messages of the modems: known by their code alone, made in time, and what becomes of one that does not come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.pdu import MessageType, decode
from hardware.modem.simulator import Fault, SimulatedModem
from redis_queue.probes import TURN_KEY, ProbeNote, ProbeNotes, sms_probe
from siaga112.settings import Settings
from sms_gateway import health_board, modem_line
from sms_gateway.failover import send_elsewhere
from sms_gateway.line_tests import AGAIN_LOST, AGAIN_UNSENT, UNSENT_TRIES, LineTests
from sms_gateway.loopback import WORDS, queue_line_test
from sms_gateway.routing import Line
from tests.support.eventual import eventually
from tests.support.impatience import make_impatient
from tests.support.sms import MODEM, SENT, city, incoming, intake_of, outgoing, pdus, take, tickets_of
from tests.support.sms_line import Bench
from tickets.database.store import Store
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.messages.outbox import claim_outgoing, mark_failed, mark_sent
from tickets.vocabulary import MessageState

NUMBER = "+628113000112"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMIT = timedelta(minutes=10)

Change = Callable[[str], str]


@pytest.fixture
def settings() -> Settings:
    """A city that tests its modems every day; one of them has no number."""
    return city("[monitoring]\nsms_hours = 24\n")


@pytest.fixture(autouse=True)
def looked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modems stay as they were shown, however long a test takes: nobody is there who says so again."""
    monkeypatch.setattr(health_board, "SERVED_S", 600)


@dataclass
class Town:
    """Database, Redis, a clock, and who makes the tests."""

    settings: Settings
    store: Store
    redis: Redis
    now: datetime = NOON

    @property
    def bench(self) -> Bench:
        """Where modems work."""
        return Bench(self.redis, self.store)

    @property
    def notes(self) -> ProbeNotes:
        """What is known of the tests."""
        return ProbeNotes(self.redis)

    def tests(self) -> LineTests:
        """Who makes them."""
        return LineTests(self.settings, self.store, self.bench.board, self.notes, lambda: self.now)

    def modems_are(self, state: ModemState, reason: str = "", number: str | None = None) -> None:
        """What the modem part says."""
        for modem in self.settings.modems:
            self.bench.board.show(ModemHealth(modem.name, state, reason, number=number))

    def after(self, tests: LineTests, later: timedelta) -> ProbeNote | None:
        """What is known of the first modem's test when that time has passed."""
        self.now += later
        tests.look()
        return self.notes.read(sms_probe(MODEM))

    def until_said(self, tests: LineTests, modem: str = MODEM) -> list[ProbeNote | None]:
        """What is known of a modem's test after each look of those that it takes."""
        found = []
        for _ in range(UNSENT_TRIES):
            self.redis.delete(f"{TURN_KEY}{sms_probe(modem)}")
            tests.look()
            found.append(self.notes.read(sms_probe(modem)))
        return found

    def text(self) -> str:
        """What the last one says."""
        return str(outgoing(self.store)[0].text)

    def arrives(self, text: str, sender: str = NUMBER, modem: str = MODEM) -> None:
        """The network delivers this to a modem."""
        pdu, *_ = pdus(text, sender)
        take(intake_of(self.store, self.settings), pdu, modem=modem, after_s=(self.now - SENT).total_seconds())

    def refuse(self) -> None:
        """The network refuses the message for good."""
        with self.store.transaction() as session:
            claimed = claim_outgoing(session, MODEM, self.now)
            assert claimed is not None
            mark_failed(session, claimed.id, "CMS ERROR 21", retry_at=None)

    def send(self) -> None:
        """The network takes it."""
        with self.store.transaction() as session:
            claimed = claim_outgoing(session, MODEM, self.now)
            assert claimed is not None
            mark_sent(session, claimed.id, [1], at=self.now)


@pytest.fixture
def town(settings: Settings, store: Store, redis_client: Redis) -> Town:
    """One whose modems work."""
    found = Town(settings, store, redis_client)
    found.modems_are(ModemState.UP)
    return found


# -- what is one


def test_it_makes_no_ticket(town: Town) -> None:
    """What a modem was told to write to itself is kept, gets no answer is no complaint, however the number reads."""
    with town.store.transaction() as session:
        text = str(queue_line_test(session, MODEM, NUMBER, town.now).text)
    town.arrives(text, sender="08113000112")

    assert [] == tickets_of(town.store)
    assert [MessageState.HANDLED] == [message.state for message in incoming(town.store)]
    assert [text] == [message.text for message in outgoing(town.store)]


@pytest.mark.parametrize(
    ("change", "modem"),
    [
        (lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"), MODEM),
        (lambda text: f"{text} tolong, kebakaran", MODEM),
        (lambda _: f"{WORDS} kebakaran di pasar", MODEM),
        (lambda text: text, "indosat-1"),
    ],
    ids=["a guessed code", "more than the code", "no code", "another modem's code"],
)
def test_forged_one_is_a_ticket(town: Town, change: Change, modem: str) -> None:
    """Nobody makes a message vanish by its first words, not even from our own number."""
    with town.store.transaction() as session:
        text = str(queue_line_test(session, MODEM, NUMBER, town.now).text)
    town.arrives(change(text), modem=modem)

    assert [change(text)] == [ticket.text for ticket in tickets_of(town.store)]


def test_altered_one_is_not_answered(town: Town) -> None:
    """The number that only the SIM tells is our own as well: the city does not write to itself."""
    with town.store.transaction() as session:
        text = str(queue_line_test(session, "indosat-1", "+628150000112", town.now).text)
    town.arrives(f"{text} ", sender="+628150000112", modem="indosat-1")

    assert [f"{text} "] == [ticket.text for ticket in tickets_of(town.store)]
    assert [text] == [message.text for message in outgoing(town.store)]


def test_codes_differ(town: Town) -> None:
    """Each is 64 bits of chance."""
    with town.store.transaction() as session:
        texts = {str(queue_line_test(session, MODEM, NUMBER, town.now).text) for _ in range(20)}

    assert 20 == len(texts)
    assert {len(f"{WORDS} ") + 16} == {len(text) for text in texts}


def test_leaves_by_no_other_line(town: Town) -> None:
    """By another line it would say nothing about its own."""
    with town.store.transaction() as session:
        message = queue_line_test(session, MODEM, NUMBER, town.now)
        moved = send_elsewhere(session, message, [Line("indosat-1", up=True)], f"{MODEM}: down")

        assert (False, MODEM) == (moved, message.modem)


def is_message(pdu: str) -> bool:
    """Whether it is one, and no report about one."""
    return decode(pdu).type is MessageType.DELIVER


# -- when they are made, and how they go


def test_it_comes(town: Town) -> None:
    """One a day; the first at once."""
    tests = town.tests()
    begun = town.after(tests, timedelta())
    town.send()
    town.now += timedelta(seconds=7)
    town.arrives(town.text())
    passed = town.after(tests, timedelta(seconds=1))
    town.after(tests, 23 * HOUR)

    assert begun is None
    assert passed == ProbeNote(town.now - 23 * HOUR, took_s=8.0, passed_at=town.now - 23 * HOUR)
    assert 1 == len(outgoing(town.store))
    assert [] == tickets_of(town.store)


def test_it_does_not_come(town: Town) -> None:
    """The network took it and did not bring it back: an alarm after the limit, said once, over when one comes."""
    tests = town.tests()
    with capture_logs() as said:
        town.after(tests, timedelta())
        town.send()
        waits = town.after(tests, LIMIT - timedelta(seconds=1))
        failed = town.after(tests, timedelta(seconds=1))

    assert waits is None
    assert failed == ProbeNote(town.now, "it has not come within 10 minutes")
    assert [("probe.alarm", "error", "sms telkomsel-1", failed.problem)] == [
        (line["event"], line["log_level"], line["probe"], line["text"])
        for line in said
        if line["probe"] == "sms telkomsel-1"
    ]


def test_it_is_not_sent(town: Town) -> None:
    """It is taken back, so that it is not sent hours later, when nobody waits for it."""
    tests = town.tests()
    town.after(tests, timedelta())
    failed = town.after(tests, LIMIT)

    assert failed == ProbeNote(town.now, "it has not been sent within 10 minutes")
    assert [(MessageState.FAILED, "not sent in time")] == [(one.state, one.error) for one in outgoing(town.store)]


def test_it_is_refused(town: Town) -> None:
    """The alarm has the network's word."""
    tests = town.tests()
    town.after(tests, timedelta())
    town.refuse()

    assert town.after(tests, timedelta(seconds=5)) == ProbeNote(town.now, "it could not be sent: CMS ERROR 21")


def test_modem_is_down(town: Town) -> None:
    """Nothing is queued for it; that it is down is said when it lasts: it may just be starting."""
    town.modems_are(ModemState.PUK, "the SIM wants its PUK")

    assert [None, None, ProbeNote(town.now, "puk: the SIM wants its PUK")] == town.until_said(town.tests())
    assert [] == outgoing(town.store)


def test_modem_that_starts(town: Town) -> None:
    """Looks that found it away before count no more once it has worked."""
    tests = town.tests()
    for state in (ModemState.DOWN, ModemState.SEARCHING, ModemState.UP):
        town.modems_are(state)
        town.redis.delete(f"{TURN_KEY}{sms_probe(MODEM)}")
        tests.look()
    town.refuse()
    tests.look()
    town.modems_are(ModemState.DOWN, "the port is gone")
    refused = town.notes.read(sms_probe(MODEM))
    noted = town.until_said(tests)

    assert refused is not None
    assert [refused, refused, ProbeNote(town.now, "down: the port is gone")] == noted


def test_number_that_nobody_knows(town: Town) -> None:
    """What to write is said; where the SIM tells it nothing has to be written."""
    tests = town.tests()
    *_, unknown = town.until_said(tests, "indosat-1")
    town.modems_are(ModemState.UP, number="628150000112")
    town.redis.delete(f"{TURN_KEY}{sms_probe('indosat-1')}")
    tests.look()

    assert unknown is not None
    assert "modems[indosat-1].number is empty" in unknown.problem
    assert {(MODEM, NUMBER), ("indosat-1", "+628150000112")} == {
        (message.modem, message.recipient) for message in outgoing(town.store)
    }


@pytest.mark.parametrize(("fails", "expected"), [("refused", AGAIN_LOST), ("down", AGAIN_UNSENT)])
def test_made_again_after_a_failure(town: Town, fails: str, expected: timedelta) -> None:
    """Soon, where that is free; in an hour, where each costs an SMS."""
    if fails == "down":
        town.modems_are(ModemState.DOWN, "the port is gone")
    tests = town.tests()
    tests.look()
    if fails == "refused":
        town.refuse()
        tests.look()
    left = timedelta(milliseconds=int(str(town.redis.pttl(f"{TURN_KEY}{sms_probe(MODEM)}"))))

    assert expected - timedelta(minutes=0.5) < left <= expected


def test_one_of_several_workers_makes_it(town: Town) -> None:
    """Two workers of one city, one message."""
    for tests in (town.tests(), town.tests()):
        tests.look()

    assert 1 == len(outgoing(town.store))


def test_switched_off(store: Store, redis_client: Redis) -> None:
    """Messages cost: none is sent unless somebody wants it."""
    town = Town(city(), store, redis_client)
    town.modems_are(ModemState.UP)
    town.tests().look()

    assert [] == outgoing(store)


def test_message_that_is_gone(town: Town) -> None:
    """An older database was restored: said of that modem, and those after it are looked at as ever."""
    town.modems_are(ModemState.UP, number="628150000112")
    tests = town.tests()
    tests.look()
    with town.store.transaction() as session:
        gone = next(one for one in list_messages(session, MessageFilter()) if one.modem == MODEM)
        session.delete(gone)
    town.now += LIMIT
    for _ in range(2):
        tests.look()
    notes = [town.notes.read(sms_probe(modem.name)) for modem in town.settings.modems]

    assert notes == [
        ProbeNote(town.now, f"there is no message {gone.id}"),
        ProbeNote(town.now, "it has not been sent within 10 minutes"),
    ]


# -- a modem at work


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are shorter than in service."""
    for name, seconds in (("POLL_S", 0.3), ("TICK_S", 0.05), ("RETRY_S", 0.1), ("HEALTH_S", 0.3)):
        monkeypatch.setattr(modem_line, name, seconds)
    make_impatient(monkeypatch)


@pytest.fixture
def modem(town: Town, tmp_path: Path, impatient: None) -> Iterator[SimulatedModem]:
    """A simulated one, and the line that serves it."""
    with SimulatedModem(tmp_path / "m", number=NUMBER) as simulated, town.bench.line(str(tmp_path / "m")):
        eventually("the modem", lambda: town.bench.board.read(MODEM).capacity is not None)
        yield simulated


def test_line_that_is_stopped(town: Town, modem: SimulatedModem) -> None:
    """A modem whose network takes nothing, however well it looks, is an alarm; once it takes messages again, none."""
    tests = town.tests()
    town.now = datetime.now(UTC)
    modem.order(Fault.parse("cms-error-41"))
    tests.look()
    eventually("an attempt", lambda: outgoing(town.store)[0].attempts)
    failed = town.after(tests, LIMIT)
    works = town.bench.board.read(MODEM).works
    modem.clear_faults()
    town.redis.delete(f"{TURN_KEY}{sms_probe(MODEM)}")
    town.now = datetime.now(UTC)
    tests.look()
    pdu = eventually("the message", lambda: next(filter(is_message, town.bench.in_stream()), None))
    take(intake_of(town.store, town.settings), pdu, after_s=(datetime.now(UTC) - SENT).total_seconds())
    passed = town.after(tests, timedelta(seconds=1))

    assert works
    assert failed is not None
    assert "it has not been sent within 10 minutes" == failed.problem
    assert passed is not None
    assert passed.passed
    assert [] == tickets_of(town.store)
