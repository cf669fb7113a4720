"""Sends what we saw of calls into the stream, on a thread of its own: no caller ever waits for it.

Facts that come together go together: each write costs Redis one to the disk, and who asks it meanwhile, as a call does
that wants an operator, waits for that. While Redis is away facts are kept and sent later, in order. What cannot be kept
or sent any more is said in the log.
"""

import math
import queue
import threading
import time
from typing import Self

from redis import RedisError

from redis_queue.errors import QueueError
from redis_queue.streams import Stream
from siaga112 import log
from tickets.calls.acts import CalledBack
from tickets.calls.facts import CallFact

Fact = CallFact | CalledBack

_log = log.get(__name__)

# About an hour of a big city's calls.
MOST_WAITING = 10_000
RETRY_SECONDS = 1.0
# From the first fact to the write: the next ones are on their way, and the claim that follows a choice comes before it.
LINGER_SECONDS = 0.05
MOST_TOGETHER = 200
CLOSE_SECONDS = 2.0

_PAUSE_SECONDS = 0.1


class FactSender:
    """A context manager: entering starts the thread, leaving sends what is left within `CLOSE_SECONDS`."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._waiting: queue.Queue[Fact | None] = queue.Queue(MOST_WAITING)  # None: the end
        self._closing = threading.Event()
        self._give_up_at = math.inf
        self._away = False
        self._thread = threading.Thread(target=self._run, name="facts")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up_at = time.monotonic() + CLOSE_SECONDS
        self._closing.set()
        self._waiting.put(None)
        self._thread.join()

    def send(self, fact: Fact) -> None:
        """Have it sent; returns at once."""
        try:
            self._waiting.put_nowait(fact)
        except queue.Full:
            _lost(fact)

    def send_now(self, fact: Fact) -> None:
        """Have it in the stream before this returns: for what must not happen unless it is written down.

        Raises `QueueError`, and whether it is there is then not known.
        """
        self._stream.add(fact.to_fields())

    def _run(self) -> None:
        more = True
        while more:
            facts, more = self._next()
            if facts:
                self._try(facts)

    def _next(self) -> tuple[list[Fact], bool]:
        """What there is, as soon as there is anything, and whether more may come."""
        facts: list[Fact] = []
        following = self._waiting.get()
        self._closing.wait(LINGER_SECONDS)
        while following is not None:
            facts.append(following)
            if len(facts) == MOST_TOGETHER or self._waiting.empty():
                return facts, True
            following = self._waiting.get()
        return facts, False

    def _try(self, facts: list[Fact]) -> None:
        try:
            self._deliver(facts)
        except Exception:  # noqa: BLE001 - one fact that cannot be sent must not keep back all others
            if len(facts) == 1:
                _log.exception("fact.lost", fact=repr(facts[0]))
                return
            for fact in facts:
                self._try([fact])

    def _deliver(self, facts: list[Fact]) -> None:
        while time.monotonic() < self._give_up_at:
            if self._added(facts):
                return
            if self._closing.wait(RETRY_SECONDS):
                time.sleep(_PAUSE_SECONDS)
        for fact in facts:
            _lost(fact)

    def _added(self, facts: list[Fact]) -> bool:
        try:
            self._stream.add_all(fact.to_fields() for fact in facts)
        except (QueueError, RedisError) as error:
            if not self._away:
                _log.warning("facts.wait", error=str(error))
            self._away = True
            return False
        self._away = False
        return True


def _lost(fact: Fact) -> None:
    _log.error("fact.lost", **fact.to_fields())
