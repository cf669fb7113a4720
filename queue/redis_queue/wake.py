"""Waking a waiting call's script the moment an operator was assigned to it.

A script waits for two things at once, its Asterisk socket and its turn, so its turn is a file descriptor too. A wake
only means: ask `OperatorPool.keep_waiting` now. A lost one costs no more than the time to the next regular asking.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from redis import Redis

from redis_queue.errors import QueueError, translated
from siaga112 import log

_LOG = log.get(__name__)

_POLL_S = 0.5  # how soon `close` is noticed
_RETRY_S = 0.5  # between attempts while Redis is away


class Waiter:
    """One waiting call: readable (select, poll) once woken, until `clear`. Close it, or use it as a context manager."""

    def __init__(self, call_id: str, forget: Callable[["Waiter"], None]) -> None:
        self.call_id = call_id
        self._forget = forget
        self._event_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        """The descriptor to select on."""
        return self._event_fd

    def wake(self) -> None:
        """Make it readable; more than once is once."""
        os.eventfd_write(self._event_fd, 1)

    def clear(self) -> None:
        """Make it wait for the next wake. Clear first, then ask the pool: what comes between wakes again."""
        with suppress(BlockingIOError):
            os.eventfd_read(self._event_fd)

    def close(self) -> None:
        """Stop listening for this call."""
        self._forget(self)
        os.close(self._event_fd)

    def __enter__(self) -> "Waiter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class WakeListener:
    """One subscription per process, read by a thread, for all waiting calls of the process.

    `connect` makes a client of its own for the thread. Each time the subscription stands, after a lost connection too,
    all who wait are woken, since a message may have been missed before.
    """

    def __init__(self, connect: Callable[[], Redis], prefix: str = "siaga112:") -> None:
        self._connect = connect
        self._channel = prefix + "wake"
        self._lock = threading.Lock()
        self._waiters: set[Waiter] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wake", daemon=True)

    def start(self) -> None:
        """Start the thread; Redis may be away."""
        self._thread.start()

    def register(self, call_id: str) -> Waiter:
        """Listen for a call. Register before `OperatorPool.wait`, so that no wake falls between the two."""
        waiter = Waiter(call_id, self._forget)
        with self._lock:
            self._waiters.add(waiter)
        return waiter

    def close(self) -> None:
        """End the thread; returns within about half a second. Waiters stay valid and are not woken any more."""
        self._closing.set()
        self._thread.join()

    def _forget(self, waiter: Waiter) -> None:
        with self._lock:
            self._waiters.discard(waiter)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with translated():
                    self._listen()
            except QueueError as error:
                _LOG.warning("wake.lost", error=str(error), retry_s=_RETRY_S)
                self._closing.wait(_RETRY_S)
            except Exception:  # noqa: BLE001 - a thread that ends unseen would wake nobody for ever
                _LOG.exception("wake.failed", retry_s=_RETRY_S)
                self._closing.wait(_RETRY_S)

    def _listen(self) -> None:
        client = self._connect()
        pubsub = client.pubsub()  # type: ignore[no-untyped-call]
        try:
            pubsub.subscribe(self._channel)
            while not self._closing.is_set():
                message = pubsub.get_message(timeout=_POLL_S)
                if message is not None:
                    self._wake(message["data"] if message["type"] == "message" else None)
        finally:
            pubsub.close()
            client.close()

    def _wake(self, call_id: str | None) -> None:
        """Wake who waits for that call; None wakes everybody."""
        with self._lock:  # against a waiter that closes its descriptor meanwhile
            for waiter in self._waiters:
                if call_id is None or waiter.call_id == call_id:
                    waiter.wake()
