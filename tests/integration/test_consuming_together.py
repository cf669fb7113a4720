"""Entries of a stream that are handled in one go: what one of them, or the end of the process, does to the others."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest
from redis import Redis

from redis_queue.connection import connect_for_reading
from redis_queue.reader import StreamReader
from redis_queue.streams import Stream
from siaga112.parts import consuming
from siaga112.parts.consuming import TRIES, Consumer, FaultyEntryError, Together
from tests.support.eventual import eventually
from tests.support.redis_server import RedisServer
from tickets.errors import StoreUnavailableError

NAME = "test:calls"
WAIT_S = 20.0


class Book:
    """What is written down: all of a turn or nothing, as by a transaction, and each text once, as by a unique key."""

    def __init__(self, before: Callable[[str], None] = lambda _text: None) -> None:
        self._before = before
        self._changed = threading.Condition()
        self.turns: list[list[str]] = []
        self.kept: dict[str, None] = {}

    def one(self, fields: Mapping[str, str]) -> None:
        """A turn of one."""
        self.many([fields])

    def many(self, entries: Sequence[Mapping[str, str]]) -> None:
        """A turn."""
        texts = [fields["text"] for fields in entries]
        with self._changed:
            self.turns.append(texts)
            self._changed.notify_all()
        for text in texts:
            self._before(text)
        with self._changed:
            self.kept |= dict.fromkeys(texts)
            self._changed.notify_all()

    def await_turns(self, turns: int) -> None:
        """Wait until so many have begun."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.turns) >= turns, WAIT_S), self.turns


@pytest.fixture
def stream(redis_client: Redis) -> Stream:
    """A stream in which five entries wait."""
    stream = Stream(redis_client, NAME)
    for text in "abcde":
        stream.add({"text": text})
    return stream


@contextmanager
def consumed(server: RedisServer, stream: Stream, book: Book, most: int = 100) -> Iterator[None]:
    """A consumer at work that writes into the book."""
    together = Together(book.many, most, every_s=0.01)
    with connect_for_reading(server.url) as redis:
        reader = StreamReader(Stream(redis, NAME), "one")
        with Consumer("test", reader, stream, book.one, turn=threading.Lock(), together=together):
            yield


def until_done(server: RedisServer, stream: Stream, book: Book, most: int = 100) -> None:
    """A consumer at work until nothing waits any more."""
    with consumed(server, stream, book, most):
        eventually("all is done", lambda: stream.length() == 0)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are shorter than in service."""
    monkeypatch.setattr(consuming, "PAUSE_S", 0.05)
    monkeypatch.setattr(consuming, "BLOCK_MS", 50)


@pytest.mark.parametrize(("most", "turns"), [(100, ["abcde"]), (2, ["ab", "cd", "e"])])
def test_what_waits_is_one_turn(redis_server: RedisServer, stream: Stream, most: int, turns: list[str]) -> None:
    """All in their order, so many at a time at most; nothing of it is left, and no try is."""
    book = Book()
    until_done(redis_server, stream, book, most)

    assert [[*turn] for turn in turns] == book.turns
    assert (0, {}) == (stream.pending(), stream.redis.hgetall(stream.tried_name))


def test_a_faulty_one_in_the_middle(redis_server: RedisServer, stream: Stream) -> None:
    """It alone becomes a dead letter: the others are handled one by one, in their order."""

    def before(text: str) -> None:
        if text == "c":
            raise FaultyEntryError("no fact")

    book = Book(before)
    until_done(redis_server, stream, book)

    assert [[*"abcde"], ["a"], ["b"], ["c"], ["d"], ["e"]] == book.turns
    assert [*"abde"] == [*book.kept]
    assert [({"text": "c"}, "no fact")] == [(letter.fields, letter.reason) for letter in stream.dead_letters()]


def test_our_own_fault_in_the_middle(redis_server: RedisServer, stream: Stream, redis_client: Redis) -> None:
    """It counts against the one that we fail on, and not against its neighbours."""

    def before(text: str) -> None:
        if text == "c":
            raise ZeroDivisionError

    book = Book(before)
    with consumed(redis_server, stream, book):
        eventually("the others are done", lambda: stream.length() == 1)
        eventually("its try is counted", lambda: [*redis_client.hvals(stream.tried_name)] == ["1"])

    assert [*"abde"] == [*book.kept]
    assert [] == stream.dead_letters()


def test_a_database_that_goes_in_the_middle(redis_server: RedisServer, stream: Stream) -> None:
    """Nothing leaves the stream, however long; then all of it comes again, in one go, and nothing is dead."""
    away = 3 * TRIES

    def before(text: str) -> None:
        if text == "c" and len(book.turns) <= away:
            raise StoreUnavailableError("database unavailable")

    book = Book(before)
    with consumed(redis_server, stream, book):
        book.await_turns(away)
        assert 5 == stream.length()
        eventually("all is done", lambda: stream.length() == 0)

    assert [[*"abcde"]] * (away + 1) == book.turns
    assert [] == stream.dead_letters()


class Ending(BaseException):
    """What ends a thread as the end of the process does: nothing is taken back after it."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_ended_after_all_was_written(redis_server: RedisServer, stream: Stream) -> None:
    """Killed before it could say that it was done: the next one gets all of it again, and nothing is there twice."""

    class Written(Book):
        def many(self, entries: Sequence[Mapping[str, str]]) -> None:
            super().many(entries)
            raise Ending

    first = Written()
    with consumed(redis_server, stream, first):
        eventually("it is written", lambda: [*first.kept] == [*"abcde"])
    second = Book()
    second.kept |= first.kept
    waiting = stream.length()
    until_done(redis_server, stream, second)

    assert (5, [*"abcde"]) == (waiting, [*second.kept])
    assert [] == stream.dead_letters()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_ends_the_process(redis_server: RedisServer, stream: Stream) -> None:
    """It takes its neighbours down once; after that each is tried on its own, and it alone is given up."""

    def before(text: str) -> None:
        if text == "c":
            raise Ending

    for _ in range(TRIES):
        book = Book(before)
        with consumed(redis_server, stream, book):
            book.await_turns(1)
            eventually("it has ended", lambda: any("c" in turn for turn in book.turns))  # noqa: B023 - used at once
    last = Book()
    until_done(redis_server, stream, last)

    assert [*"de"] == [*last.kept]
    assert [{"text": "c"}] == [letter.fields for letter in stream.dead_letters()]
