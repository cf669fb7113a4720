"""Threads that are ready for the next connection: making one when it has come costs more than all that a call says.

Each blocks in accept(2) on the one listening socket, serves what it was given, and comes back.
"""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from siaga112 import log

READY = 8
"""Threads that wait for a connection at any time; how many come at once is not known, so more are made meanwhile."""

MOST_READY = 64
"""A thread that has served and finds as many waiting ends."""

ROUND_SECONDS = 1.0
"""How often the crew is looked at when nothing happens, and how long a thread rests that got no connection."""

_log = log.get(__name__)


class Crew:
    """Serves the connections of a listening socket, each by a thread of its own."""

    def __init__(self, listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        """`serve` serves one connection to its end; what it raises is logged, and the crew closes the connection."""
        self._listener = listener
        self._serve = serve
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._ready = 0
        self._over = threading.Event()
        self.went_round_at = monotonic()

    def run(self) -> None:
        """Keep threads ready until `close`."""
        while not self._over.is_set():
            self.went_round_at = monotonic()
            with self._changed:
                missing = READY - self._ready
            if not self._engage(missing):
                self._over.wait(ROUND_SECONDS)
                continue
            with self._changed:
                self._changed.wait_for(lambda: self._ready < READY or self._over.is_set(), ROUND_SECONDS)

    @property
    def serving(self) -> int:
        """How many connections are being served."""
        return len(self._connections)

    def stop_listening(self) -> None:
        """Take no new connection; what is served goes on."""
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # accept(2) returns; closing alone would wake nobody
        with self._changed:
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._ready, ROUND_SECONDS)
        self._listener.close()

    def wait_for_end(self, seconds: float) -> int:
        """Wait until no connection is left, then end those that are; how many that were."""
        with self._changed:
            self._changed.wait_for(lambda: not self._connections, seconds)
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            return len(self._connections)

    def _engage(self, count: int) -> bool:
        """Have more threads; False if there can be none."""
        for _ in range(count):
            with self._changed:
                self._ready += 1
            try:
                threading.Thread(target=self._work, name="call", daemon=True).start()
            except RuntimeError as error:
                with self._changed:
                    self._ready -= 1
                _log.error("agi.no_thread", reason=str(error), calls=self.serving)
                return False
        return True

    def _work(self) -> None:
        """What a thread does, which counts as ready when this begins."""
        while (connection := self._accept()) is not None:
            try:
                self._serve(connection)
            except Exception:  # noqa: BLE001 - the thread counts as ready again, so it must not end
                _log.exception("agi.connection_failed")
            finally:
                stays = self._finish(connection)
            if not stays:
                return
        with self._changed:
            self._ready -= 1
            self._changed.notify_all()

    def _accept(self) -> socket.socket | None:
        """The next connection; None at the end."""
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError as error:
                if not self._over.is_set():
                    _log.error("agi.not_accepted", reason=os.strerror(error.errno or 0), calls=self.serving)
                    self._over.wait(ROUND_SECONDS)
                continue
            with self._changed:
                self._ready -= 1
                self._connections.add(connection)
                if self._ready < READY:
                    self._changed.notify_all()
            return connection
        return None

    def _finish(self, connection: socket.socket) -> bool:
        """Close it; whether this thread is to wait for another."""
        with suppress(OSError):  # the other end was faster
            connection.shutdown(socket.SHUT_WR)
        connection.close()
        with self._changed:
            self._connections.discard(connection)
            stays = self._ready < MOST_READY
            self._ready += stays
            if not self._connections:
                self._changed.notify_all()
            return stays
