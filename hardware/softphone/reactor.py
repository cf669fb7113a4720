"""One thread that waits for a phone's sockets and appointments.

Everything that changes a phone happens with the reactor's lock held: callbacks run under it, and so do
the calls of other threads. `changed` is notified by whoever changes something that others wait for.
"""

from __future__ import annotations

import heapq
import selectors
import socket
import threading
import time
from collections.abc import Callable
from itertools import count


class Appointment:
    """A callback at a time; cancelling it is enough to forget it."""

    __slots__ = ("action", "due")

    def __init__(self, due: float, action: Callable[[], None]) -> None:
        self.due = due
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Never run the callback."""
        self.action = None


class Reactor:
    """Sockets and appointments of one phone, served by one thread."""

    def __init__(self, name: str) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._selector = selectors.DefaultSelector()
        self._agenda: list[tuple[float, int, Appointment]] = []
        self._order = count()
        self._stopping = False
        self._wakes, self._woken = socket.socketpair()
        self._wakes.setblocking(False)
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._drain)
        self._thread = threading.Thread(target=self._run, name=f"softphone {name}", daemon=True)
        self._thread.start()

    def at(self, due: float, action: Callable[[], None]) -> Appointment:
        """Run a callback at a monotonic time, in seconds."""
        appointment = Appointment(due, action)
        with self.lock:
            first = not self._agenda or due < self._agenda[0][0]
            heapq.heappush(self._agenda, (due, next(self._order), appointment))
        if first and threading.current_thread() is not self._thread:
            self._wake()
        return appointment

    def after(self, delay: float, action: Callable[[], None]) -> Appointment:
        """Run a callback after a delay in seconds."""
        return self.at(time.monotonic() + delay, action)

    def watch(self, readable: socket.socket, action: Callable[[], None]) -> None:
        """Run a callback whenever a non-blocking socket has something to read."""
        with self.lock:
            self._selector.register(readable, selectors.EVENT_READ, action)

    def unwatch(self, readable: socket.socket) -> None:
        """Stop watching; the socket may be closed afterwards."""
        with self.lock:
            self._selector.unregister(readable)

    def stop(self) -> None:
        """End the thread; nothing runs after this returns. Watched sockets stay open."""
        with self.lock:
            if self._stopping:
                return
            self._stopping = True
        self._wake()
        self._thread.join()
        self._selector.close()
        self._wakes.close()
        self._woken.close()

    def _run(self) -> None:
        while True:
            ready = self._selector.select(self._patience())
            with self.lock:
                if self._stopping:
                    return
                for key, _ in ready:
                    # An earlier callback, or another thread since select, may have unwatched this one.
                    if self._selector.get_map().get(key.fd) is key:
                        key.data()
                self._keep_appointments(time.monotonic())

    def _keep_appointments(self, now: float) -> None:
        while self._agenda and self._agenda[0][0] <= now:
            appointment = heapq.heappop(self._agenda)[2]
            if appointment.action is not None:
                appointment.action()

    def _patience(self) -> float | None:
        with self.lock:
            return max(0.0, self._agenda[0][0] - time.monotonic()) if self._agenda else None

    def _wake(self) -> None:
        try:
            self._wakes.send(b"!")
        except BlockingIOError:
            return  # a full pipe already holds more wake-ups than the thread needs

    def _drain(self) -> None:
        self._woken.recv(4096)
