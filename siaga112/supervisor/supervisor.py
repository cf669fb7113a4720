"""The foreground process behind `up`: servers and parts are started, heard, started again, and ended in good order."""

import os
import select
import selectors
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain
from types import FrameType

from siaga112 import log
from siaga112.notify import notify
from siaga112.parts.running import ending_signals, lifeline
from siaga112.supervisor.backing import Backing
from siaga112.supervisor.child import Child
from siaga112.supervisor.keeper import Keeper

READY_LIMIT_S = 60.0
"""A part that has not said that it is ready by then is said to be late; the others are not held up for it."""

FIRST_TRY_LIMIT_S = 5.0
"""So long the parts wait for the servers' first start: with them there they need not begin by complaining."""

PART_STOP_LIMIT_S = 30.0
LOOK_EVERY_S = 1.0


class Supervisor:
    """Runs ``backings`` (servers that outlive us) and our own parts until asked to end.

    Args:
        backings: started all together, each looked after by its own thread; drained in order, ended in reverse.
        stages: parts, started all together; the last stage ends first, each as a whole.
        on_ready: called once, when everything takes calls and messages.
    """

    def __init__(
        self, backings: Sequence[Backing], stages: Sequence[Sequence[Child]], *, on_ready: Callable[[], None]
    ) -> None:
        self._backings = backings
        self._keepers = [Keeper(backing, self._wake) for backing in backings]
        self._stages = stages
        self._children = [child for stage in stages for child in stage]
        self._on_ready = on_ready
        self._log = log.get("supervisor")
        self._asked_to_end = 0
        self._said_ready = False
        self._parts_begun = False
        self._lifeline = lifeline()
        self._wakeups, self._wakeup = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or SIGHUP; returns the exit status. A second signal kills everything at once."""
        for number in ending_signals():
            signal.signal(number, self._on_signal)
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        try:
            for keeper in self._keepers:
                keeper.start()
            self._watch()
        finally:
            self._stop()
            signal.set_wakeup_fd(-1)
        return 0

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        if signum == signal.SIGHUP and self._asked_to_end:
            # A terminal that is closed may say so several times; that is nobody's wish to cut calls off.
            return
        self._asked_to_end += 1
        if self._asked_to_end > 1:
            for child in self._children:
                child.kill()
            for backing in reversed(self._backings):
                backing.kill()
            os._exit(1)

    def _wake(self) -> None:
        """Have the loop look now; a pipe that is full does so already."""
        with suppress(BlockingIOError):
            os.write(self._wakeup, b"x")

    def _watch(self) -> None:
        now = time.monotonic()
        parts_at, late_at = now + FIRST_TRY_LIMIT_S, now + READY_LIMIT_S
        while not self._asked_to_end:
            try:
                self._wait()
                self._parts_begun |= time.monotonic() > parts_at or all(keeper.tried for keeper in self._keepers)
                if self._parts_begun:
                    self._look_after_children()
                late_at = self._tell_readiness(late_at)
                # This loop goes round once a second; whoever started us takes us for hung when it does not.
                notify("WATCHDOG=1")
            except Exception:  # noqa: BLE001 - to end here would be to end every call, for a fault of ours
                self._log.exception("supervisor.failed")
                select.select([], [], [], LOOK_EVERY_S)

    def _tell_readiness(self, late_at: float) -> float:
        """Say once that all is ready, or that something is late; returns when that would be."""
        awaited = [keeper.name for keeper in self._keepers if not keeper.up]
        awaited += [child.name for child in self._children if child.awaited]
        if not awaited and not self._said_ready:
            self._said_ready = True
            self._on_ready()
        if self._said_ready or time.monotonic() <= late_at:
            return late_at
        self._log.error("parts.late", parts=awaited)
        return float("inf")

    def _wait(self) -> None:
        with selectors.DefaultSelector() as selector:
            for descriptor in (self._wakeups, *self._lifeline):
                selector.register(descriptor, selectors.EVENT_READ)
            for descriptor in chain.from_iterable(child.descriptors() for child in self._children):
                selector.register(descriptor, selectors.EVENT_READ)
            due = [child.start_at for child in self._children if self._parts_begun and child.start_at is not None]
            now = time.monotonic()
            found = selector.select(max(min([LOOK_EVERY_S, *(at - now for at in due)]), 0))
        if any(key.fd in self._lifeline for key, _ in found):
            self._log.info("up.abandoned")
            self._asked_to_end += 1
        with suppress(BlockingIOError):
            os.read(self._wakeups, 4096)

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.hear():
                self._log.info("part.ready", part=child.name)
            if child.hung:
                self._log.error("part.hung", part=child.name, pid=child.pid)
                child.kill()
            status = child.reap()
            if status is not None and not self._asked_to_end and not child.ends_alike:
                said = {"reason": child.reason} if child.reason else {}
                self._log.error("part.died", part=child.name, status=status, **said)
            if child.start_at is not None and time.monotonic() >= child.start_at and not self._asked_to_end:
                self._start(child)

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            self._log.error("part.not_started", part=child.name, reason=str(error))
            return
        if not child.has_died:
            self._log.info("part.started", part=child.name, pid=child.pid)
        elif not child.ends_alike:
            self._log.warning("part.restarted", part=child.name, pid=child.pid)

    def _stop(self) -> None:
        self._log.info("up.stopping")
        notify("STOPPING=1")
        for keeper in self._keepers:
            keeper.release()
        # Calls end first, while the parts that serve and record them are still there; then the parts, then the servers.
        for backing in self._backings:
            backing.drain()
        for stage in reversed(self._stages):
            for child in stage:
                child.ask_to_end()
            for child in stage:
                child.wait_end(PART_STOP_LIMIT_S)
        for backing in reversed(self._backings):
            backing.stop()
        self._log.info("up.stopped")


def print_ready() -> None:
    """Say `ready` on a line of its own, at once, for whoever waits for it; who has gone away is not waited for.

    A service manager hears it by its own protocol.
    """
    notify("READY=1")
    with suppress(OSError):
        os.write(sys.stdout.fileno(), b"ready\n")
