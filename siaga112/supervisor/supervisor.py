"""The foreground process behind `up`: servers and parts are started, heard, started again, and ended in good order."""

import fcntl
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import FrameType

from siaga112 import log
from siaga112.supervisor.backing import Backing
from siaga112.supervisor.child import Child
from siaga112.supervisor.errors import AlreadyRunningError, ServerDownError

READY_LIMIT_S = 60.0
"""A part that has not said that it is ready by then is said to be late; the others are not held up for it."""

PART_STOP_LIMIT_S = 30.0
LOOK_EVERY_S = 1.0
SERVER_PAUSE_S = 5.0


@contextmanager
def sole_owner(lock_file: Path) -> Iterator[None]:
    """Hold the lock that keeps two `up` off one state directory; the kernel frees it however we end."""
    with lock_file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"{lock_file}: another `siaga112 up` runs on this state directory") from None
        yield


class Supervisor:
    """Runs ``backings`` (servers that outlive us) and our own parts until asked to end.

    Args:
        backings: started in order before any part, ended in reverse after the last.
        stages: parts, started all together; the last stage ends first, each as a whole.
        on_ready: called once, when everything takes calls and messages.
    """

    def __init__(
        self, backings: Sequence[Backing], stages: Sequence[Sequence[Child]], *, on_ready: Callable[[], None]
    ) -> None:
        self._backings = backings
        self._stages = stages
        self._children = [child for stage in stages for child in stage]
        self._on_ready = on_ready
        self._log = log.get("supervisor")
        self._asked_to_end = 0
        self._server_at: dict[str, float] = {}

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit status. A second signal kills everything at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        wakeup, self._wakeup = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        try:
            self._start()
            self._watch(wakeup)
        finally:
            self._stop()
            signal.set_wakeup_fd(-1)
        return 0

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self._asked_to_end += 1
        if self._asked_to_end > 1:
            for child in self._children:
                child.kill()
            for backing in reversed(self._backings):
                backing.kill()
            os._exit(1)

    def _start(self) -> None:
        for backing in self._backings:
            if self._asked_to_end:
                return
            adopted = backing.start()
            self._log.info("server_adopted" if adopted else "server_started", server=backing.name, pid=backing.pid)
        for child in self._children:
            child.start()
            self._log.info("part_started", part=child.name, pid=child.pid)

    def _watch(self, wakeup: int) -> None:
        late_at: float | None = time.monotonic() + READY_LIMIT_S
        said_ready = False
        while not self._asked_to_end:
            if not said_ready and not any(child.awaited for child in self._children):
                said_ready, late_at = True, None
                self._on_ready()
            if late_at is not None and time.monotonic() > late_at:
                late_at = None
                self._log.error("parts_late", parts=[child.name for child in self._children if child.awaited])
            self._wait(wakeup)
            self._look_after_children()
            self._look_after_backings()

    def _wait(self, wakeup: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(wakeup, selectors.EVENT_READ)
            sources: tuple[Child | Backing, ...] = (*self._children, *self._backings)
            for descriptor in chain.from_iterable(source.descriptors() for source in sources):
                selector.register(descriptor, selectors.EVENT_READ)
            restarts = [child.restart_at for child in self._children if child.restart_at is not None]
            pause = min([LOOK_EVERY_S, *(at - time.monotonic() for at in restarts)])
            selector.select(max(pause, 0))

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.hear():
                self._log.info("part_ready", part=child.name)
            status = child.reap()
            if status is not None and not self._asked_to_end:
                self._log.error("part_died", part=child.name, status=status)
            if child.restart_at is not None and time.monotonic() >= child.restart_at and not self._asked_to_end:
                child.start()
                self._log.warning("part_restarted", part=child.name, pid=child.pid)

    def _look_after_backings(self) -> None:
        for backing in self._backings:
            if backing.alive or self._asked_to_end:
                continue
            if time.monotonic() < self._server_at.get(backing.name, 0):
                continue
            self._log.error("server_died", server=backing.name)
            try:
                backing.start()
            except ServerDownError as error:
                # A full disk or a taken port may be mended by somebody: what still works goes on meanwhile.
                self._log.error("server_not_restarted", server=backing.name, reason=str(error))
                self._server_at[backing.name] = time.monotonic() + SERVER_PAUSE_S
            else:
                self._log.warning("server_restarted", server=backing.name, pid=backing.pid)

    def _stop(self) -> None:
        self._log.info("stopping")
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
        self._log.info("stopped")


def print_ready() -> None:
    """Say `ready` on a line of its own, at once, for whoever waits for it."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
