"""Keeps one server running, on a thread of its own: no server's trouble keeps another, or our parts, waiting."""

import os
import select
import threading
import time
from collections.abc import Callable

from siaga112 import log
from siaga112.supervisor.backing import Backing
from siaga112.supervisor.backoff import Backoff
from siaga112.supervisor.errors import ServerDownError

PROBE_EVERY_S = 5.0
PROBE_LIMIT_S = 4.0
SILENT_PROBES = 4
"""So many probes in a row without an answer, about 20 s, are a server that hangs. Counted and not timed, since after a
machine that slept for a minute one probe fails, not four."""

TIDY_EVERY_S = 60.0


class Keeper:
    """Starts ``backing``, starts it again when it ends or hangs, and never gives up; `release` lets go of it.

    Args:
        on_change: called on this thread whenever `tried` or `up` has changed.
    """

    def __init__(self, backing: Backing, on_change: Callable[[], None]) -> None:
        self.name = backing.name
        self.tried = False
        """Whether the first start is over, well or not."""
        self.up = False
        """Whether it answers."""
        self._backing = backing
        self._on_change = on_change
        self._backoff = Backoff()
        self._reason = ""
        self._has_been_up = False
        self._released = os.eventfd(0, os.EFD_CLOEXEC)
        self._log = log.get("supervisor")
        self._thread = threading.Thread(target=self._run, name=f"keeper-{backing.name}")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def release(self) -> None:
        """Stop looking after it, and return once nobody does; it goes on."""
        os.eventfd_write(self._released, 1)
        self._thread.join()

    def _run(self) -> None:
        lived_s = 0.0
        while not self._wait(self._backoff.after(lived_s) if self.tried else 0):
            lived_s = 0.0
            try:
                if self._begin():
                    began = time.monotonic()
                    self._watch()
                    lived_s = time.monotonic() - began
            except Exception:  # noqa: BLE001 - whatever is wrong with us, a server that is down must be started again
                self._log.exception("server.not_looked_after", server=self.name)
            self._note(up=False)

    def _begin(self) -> bool:
        try:
            adopted = self._backing.start()
        except ServerDownError as error:
            # Somebody may mend a full disk or end what has the port. Said once: the same line all day hides others.
            if str(error) != self._reason:
                self._log.error("server.not_started", server=self.name, reason=str(error), again="tried until it does")
            self._reason = str(error)
            return False
        self._reason = ""
        if adopted:
            self._log.info("server.adopted", server=self.name, pid=self._backing.pid)
        elif self._has_been_up:
            self._log.warning("server.restarted", server=self.name, pid=self._backing.pid)
        else:
            self._log.info("server.started", server=self.name, pid=self._backing.pid)
        self._has_been_up = True
        self._note(up=True)
        return True

    def _watch(self) -> None:
        """Return when it has ended, hangs and was killed, or is released."""
        silent = 0
        tidy_at = pause_s = 0.0
        while not self._wait(pause_s, self._backing.fileno()):
            began = time.monotonic()
            silent = 0 if self._backing.answers(PROBE_LIMIT_S) else silent + 1
            if silent == SILENT_PROBES:
                self._log.error("server.hung", server=self.name, pid=self._backing.pid, probes=silent)
                self._backing.kill()
                return
            if not silent and began >= tidy_at:
                tidy_at = began + TIDY_EVERY_S
                self._backing.tidy()
            pause_s = max(began + PROBE_EVERY_S - time.monotonic(), 0)
        if not self._is_released():
            self._log.error("server.died", server=self.name)

    def _wait(self, limit_s: float, *descriptors: int) -> bool:
        """Wait for the release, or for one of these; False when neither came."""
        return bool(select.select([self._released, *descriptors], [], [], limit_s)[0])

    def _is_released(self) -> bool:
        return bool(select.select([self._released], [], [], 0)[0])

    def _note(self, *, up: bool) -> None:
        self.tried = True
        self.up = up
        self._on_change()
