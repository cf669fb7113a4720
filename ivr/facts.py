"""Sends what we saw of calls into the stream, on a thread of its own: no call ever waits for it.

While Redis is away facts are kept and sent later, in order. What cannot be kept or sent any more is said in the log.
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
from tickets.acts import Act
from tickets.facts import CallFact

_log = log.get(__name__)

# About an hour of a big city's calls.
MOST_WAITING = 10_000
RETRY_SECONDS = 1.0
CLOSE_SECONDS = 2.0

_PAUSE_SECONDS = 0.1


class FactSender:
    """A context manager: entering starts the thread, leaving sends what is left within `CLOSE_SECONDS`."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._waiting: queue.Queue[CallFact | Act | None] = queue.Queue(MOST_WAITING)  # None: the end
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

    def send(self, fact: CallFact | Act) -> None:
        """Have it sent; returns at once."""
        try:
            self._waiting.put_nowait(fact)
        except queue.Full:
            _lost(fact)

    def _run(self) -> None:
        while (fact := self._waiting.get()) is not None:
            try:
                self._deliver(fact)
            except Exception:  # noqa: BLE001 - one fact that cannot be sent must not keep back all that follow
                _log.exception("fact.lost", fact=repr(fact))

    def _deliver(self, fact: CallFact | Act) -> None:
        while time.monotonic() < self._give_up_at:
            if self._added(fact):
                return
            if self._closing.wait(RETRY_SECONDS):
                time.sleep(_PAUSE_SECONDS)
        _lost(fact)

    def _added(self, fact: CallFact | Act) -> bool:
        try:
            self._stream.add(fact.to_fields())
        except (QueueError, RedisError) as error:
            if not self._away:
                _log.warning("facts.wait", error=str(error))
            self._away = True
            return False
        self._away = False
        return True


def _lost(fact: CallFact | Act) -> None:
    _log.error("fact.lost", **fact.to_fields())
