"""The thread between stream and handler: nothing leaves the stream unhandled, and nothing stops it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import pytest
from redis import Redis

from redis_queue.connection import connect_for_reading
from redis_queue.reader import StreamReader
from redis_queue.streams import Stream
from siaga112.parts import consuming
from siaga112.parts.consuming import TRIES, Consumer, FaultyEntryError, GiveUp, TooEarlyError
from tests.support.eventual import eventually
from tests.support.redis_server import RedisServer
from tickets.errors import StoreUnavailableError

NAME = "test:sms"
WAIT_S = 20.0
IDLE_MS = 20
"""An entry that was left lying is given again after so long; long enough for the handlers of these tests."""


class Handled:
    """A handler that remembers what it was given, and does with each what the test says."""

    def __init__(self, does: Callable[[str, int], None] = lambda _text, _time: None) -> None:
        self._does = does
        self._changed = threading.Condition()
        self._times: dict[str, int] = {}
        self.seen: list[str] = []

    def __call__(self, fields: Mapping[str, str]) -> None:
        text = fields["text"]
        with self._changed:
            self._times[text] = self._times.get(text, 0) + 1
            self._changed.notify_all()
        self._does(text, self._times[text])
        with self._changed:
            self.seen.append(text)
            self._changed.notify_all()

    def times(self, text: str) -> int:
        """How often it was given out."""
        return self._times.get(text, 0)

    def await_seen(self, *texts: str) -> None:
        """Wait until each of them has been handled without an error."""
        with self._changed:
            assert self._changed.wait_for(lambda: {*texts} <= {*self.seen}, WAIT_S), self.seen

    def await_times(self, text: str, times: int) -> None:
        """Wait until it has been given out so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.times(text) >= times, WAIT_S), self._times


@pytest.fixture
def stream(redis_client: Redis) -> Stream:
    """An empty stream."""
    return Stream(redis_client, NAME)


@contextmanager
def consuming_by(
    server: RedisServer,
    stream: Stream,
    handle: Handled,
    give_up: GiveUp | None = None,
    turn: "threading.Lock | None" = None,
) -> Iterator[None]:
    """A consumer at work."""
    redis = connect_for_reading(server.url)
    reader = StreamReader(Stream(redis, NAME), "one", claim_idle_ms=IDLE_MS)
    try:
        with Consumer("test", reader, stream, handle, turn=turn or threading.Lock(), give_up=give_up):
            yield
    finally:
        redis.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are shorter than in service."""
    monkeypatch.setattr(consuming, "PAUSE_S", 0.05)
    monkeypatch.setattr(consuming, "BLOCK_MS", 50)
    monkeypatch.setattr(consuming, "HOLD_EVERY_S", 0.05)


def add(stream: Stream, *texts: str) -> None:
    """Entries, in order."""
    for text in texts:
        stream.add({"text": text})


def test_all_are_handled_and_gone(redis_server: RedisServer, stream: Stream) -> None:
    """In order, each once, what came before the consumer too; then the stream is empty."""
    handled = Handled()
    add(stream, "a", "b")
    with consuming_by(redis_server, stream, handled):
        add(stream, "c")
        handled.await_seen("c")

    assert ["a", "b", "c"] == handled.seen
    assert 0 == stream.length()


def test_entry_in_hand_stays_its_workers(redis_server: RedisServer, stream: Stream, redis_client: Redis) -> None:
    """It takes long, and so do those behind it: no other worker finds any of them left lying."""
    begun, may_end = threading.Event(), threading.Event()

    def does(_text: str, _time: int) -> None:
        begun.set()
        assert may_end.wait(WAIT_S)

    def idle_ms() -> list[int]:
        rows = redis_client.xpending_range(NAME, stream.group, "-", "+", 9)
        return [int(row["time_since_delivered"]) for row in rows]

    handled = Handled(does)
    add(stream, "a", "b")
    with consuming_by(redis_server, stream, handled):
        assert begun.wait(WAIT_S)
        for row in redis_client.xpending_range(NAME, stream.group, "-", "+", 9):
            redis_client.xclaim(NAME, stream.group, "one", 0, [row["message_id"]], idle=600_000, justid=True)
        eventually("its word", lambda: max(idle_ms()) < 60_000)
        may_end.set()
        handled.await_seen("a", "b")

    assert ["a", "b"] == handled.seen


def test_stop_ends_after_what_is_in_hand(redis_server: RedisServer, stream: Stream) -> None:
    """The one that is being handled is finished, the others stay and are handled by whoever comes next."""
    begun, may_end = threading.Event(), threading.Event()

    def does(_text: str, _time: int) -> None:
        begun.set()
        assert may_end.wait(WAIT_S)

    handled = Handled(does)
    add(stream, "a", "b", "c")
    # The handler goes on after the consumer was asked to end, which is the next thing that happens here.
    later = threading.Timer(0.5, may_end.set)
    with consuming_by(redis_server, stream, handled):
        assert begun.wait(WAIT_S)
        later.start()
    later.join()
    first = [*handled.seen]
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("b", "c")

    assert ["a"] == first
    assert ["a", "b", "c"] == handled.seen


def test_database_away(redis_server: RedisServer, stream: Stream) -> None:
    """While the database is away nothing leaves the stream, however long; then all comes in order, none is dead."""

    def does(text: str, time: int) -> None:
        if text == "a" and time <= 3 * TRIES:
            raise StoreUnavailableError("database unavailable")

    handled = Handled(does)
    add(stream, "a", "b")
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("a", "b")

    assert ["a", "b"] == handled.seen
    assert (0, []) == (stream.length(), stream.dead_letters())


def test_database_away_and_then_a_fault(redis_server: RedisServer, stream: Stream) -> None:
    """An outage counts against no entry: the fault after it is the first, not the last."""

    def does(_text: str, time: int) -> None:
        if time <= 3 * TRIES:
            raise StoreUnavailableError("database unavailable")
        if time < 4 * TRIES:
            raise ZeroDivisionError

    handled = Handled(does)
    add(stream, "a")
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("a")

    assert [] == stream.dead_letters()


def test_our_own_fault(redis_server: RedisServer, stream: Stream) -> None:
    """An entry that our code fails on stops no other, is tried a few times, and is kept with its reason."""

    def does(text: str, _time: int) -> None:
        if text == "b":
            raise ZeroDivisionError

    handled = Handled(does)
    add(stream, "a", "b", "c")
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("a", "c")
        handled.await_times("b", TRIES)

    assert TRIES == handled.times("b")
    assert [({"text": "b"}, f"failed {TRIES} times: ZeroDivisionError")] == [
        (letter.fields, letter.reason) for letter in stream.dead_letters()
    ]
    assert 0 == stream.length()


def test_given_up_where_a_person_sees_it(redis_server: RedisServer, stream: Stream) -> None:
    """With a place to keep it an entry that we fail on goes there, and becomes no dead letter."""
    kept: list[tuple[str, str]] = []
    given = threading.Event()

    def give_up(fields: Mapping[str, str], reason: str) -> None:
        kept.append((fields["text"], reason))
        given.set()

    def does(_text: str, _time: int) -> None:
        raise ZeroDivisionError

    add(stream, "a")
    with consuming_by(redis_server, stream, Handled(does), give_up):
        assert given.wait(WAIT_S)

    assert [("a", f"failed {TRIES} times: ZeroDivisionError")] == kept
    assert (0, []) == (stream.length(), stream.dead_letters())


def test_given_up_in_vain(redis_server: RedisServer, stream: Stream) -> None:
    """A place that cannot keep it either: it is a dead letter."""

    def give_up(_fields: Mapping[str, str], _reason: str) -> None:
        raise LookupError

    def does(text: str, _time: int) -> None:
        if text == "a":
            raise ZeroDivisionError

    handled = Handled(does)
    add(stream, "a")
    with consuming_by(redis_server, stream, handled, give_up):
        handled.await_times("a", TRIES)
        add(stream, "b")
        handled.await_seen("b")

    assert [{"text": "a"}] == [letter.fields for letter in stream.dead_letters()]


def test_faulty_entry(redis_server: RedisServer, stream: Stream) -> None:
    """A decided fault of the entry makes it dead at once."""

    def does(text: str, _time: int) -> None:
        if text == "a":
            raise FaultyEntryError("no stored SMS")

    handled = Handled(does)
    add(stream, "a", "b")
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("b")

    assert 1 == handled.times("a")
    assert ["no stored SMS"] == [letter.reason for letter in stream.dead_letters()]


def test_too_early(redis_server: RedisServer, stream: Stream) -> None:
    """An entry that comes too early holds up nobody, is given again, and never becomes dead for it."""

    def does(text: str, time: int) -> None:
        if text == "a" and time <= 2 * TRIES:
            raise TooEarlyError("not yet")

    handled = Handled(does)
    add(stream, "a", "b")
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("a", "b")

    assert ["b", "a"] == handled.seen
    assert [] == stream.dead_letters()


def test_redis_restarted(redis_server: RedisServer, stream: Stream) -> None:
    """Redis is killed and comes back: the consumer goes on, and what was there is still there."""
    handled = Handled()
    with consuming_by(redis_server, stream, handled):
        add(stream, "a")
        handled.await_seen("a")
        eventually("a is done", lambda: stream.length() == 0)
        redis_server.restart()
        add(stream, "b")
        handled.await_seen("b")

    assert ["a", "b"] == handled.seen


def test_stream_of_another_kind(redis_server: RedisServer, stream: Stream) -> None:
    """What stands in the stream's place is no stream: the thread lives on, and reads once that is mended."""
    stream.redis.set(NAME, "no stream")
    handled = Handled()
    with consuming_by(redis_server, stream, handled):
        stream.redis.delete(NAME)
        add(stream, "a")
        handled.await_seen("a")

    assert ["a"] == handled.seen


def test_a_handler_that_never_ends_is_seen(redis_server: RedisServer, stream: Stream) -> None:
    """An idle stream shows progress, an entry that takes for ever does not: somebody can end the process then."""
    begun, leave = threading.Event(), threading.Event()

    def endless(_fields: Mapping[str, str]) -> None:
        begun.set()
        leave.wait(WAIT_S)

    with connect_for_reading(redis_server.url) as reading:
        reader = StreamReader(Stream(reading, stream.name), "consumer-1")
        with Consumer("test", reader, stream, endless, turn=threading.Lock()) as consumer:
            progress = consumer.vital().progress
            first = progress()
            eventually("an idle round", lambda: progress() > first)
            stream.add({"text": "a"})
            begun.wait(WAIT_S)
            stuck = progress()
            leave.wait(consuming.BLOCK_MS / 1000 * 4)
            still = progress()
            leave.set()

    assert stuck == still


class Ending(BaseException):
    """What ends a thread in the middle of an entry, as the end of the process does: nothing is taken back after it."""


def ended_by(server: RedisServer, stream: Stream, text: str) -> None:
    """A consumer that is ended by the entry of that text."""
    ended = threading.Event()

    def does(found: str, _time: int) -> None:
        if found == text:
            ended.set()
            raise Ending

    with consuming_by(server, stream, Handled(does)):
        assert ended.wait(WAIT_S)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_entry_that_ends_the_process(redis_server: RedisServer, stream: Stream) -> None:
    """It ends the program at every start: in the end it is set aside without another try, and the next are handled."""
    add(stream, "a", "b")
    for _ in range(TRIES):
        ended_by(redis_server, stream, "a")
    handled = Handled()
    kept: list[str] = []
    with consuming_by(redis_server, stream, handled, lambda fields, _reason: kept.append(fields["text"])):
        handled.await_seen("b")

    assert (["a"], 0) == (kept, handled.times("a"))
    assert {} == stream.redis.hgetall(stream.tried_name)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_entry_that_once_was_in_hand(redis_server: RedisServer, stream: Stream) -> None:
    """The program ended over it, for whatever reason, less often than that: it is handled."""
    add(stream, "a")
    for _ in range(TRIES - 1):
        ended_by(redis_server, stream, "a")
    handled = Handled()
    with consuming_by(redis_server, stream, handled):
        handled.await_seen("a")

    eventually("it is done", lambda: (0, []) == (stream.length(), stream.dead_letters()))


def deliveries(stream: Stream) -> list[int]:
    """How often each entry was given out that is not done."""
    rows = stream.redis.xpending_range(NAME, "workers", "-", "+", 10)
    return [cast("int", row["times_delivered"]) for row in cast("list[dict[str, object]]", rows)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_suspects_take_turns(redis_server: RedisServer, stream: Stream) -> None:
    """While one that was tried before is in hand no other such is: who waits is in nobody's hand, and shows life."""
    add(stream, "a")
    ended_by(redis_server, stream, "a")
    turn = threading.Lock()
    handled = Handled()
    with turn, consuming_by(redis_server, stream, handled, turn=turn):
        add(stream, "b")
        eventually("it was given again", lambda: deliveries(stream) > [1])
        assert (0, "1") == (handled.times("a"), stream.redis.hgetall(stream.tried_name).popitem()[1])
        turn.release()
        handled.await_seen("a", "b")
        turn.acquire()

    assert ["a", "b"] == handled.seen
