"""One part of ours as a child process: started, heard when it is ready, started again when it dies or hangs.

A child gets a notify socket (`siaga112.notify`) and a lifeline: a pipe that only the supervisor holds open, so that a
child whose supervisor was killed notices, and ends instead of going on beside the one that the next `up` starts.
"""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence

from siaga112.notify import ADDRESS_VARIABLE, WATCHDOG_PID_VARIABLE, WATCHDOG_VARIABLE, bind_notify_socket
from siaga112.parts.running import LIFELINE_VARIABLE
from siaga112.supervisor.backoff import LONGEST_PAUSE_S, Backoff

WATCHDOG_S = 30.0
"""A part that is ready and then says nothing for so long hangs."""

LONGEST_PAUSE_OTHERS_S = 60.0
"""For a part that nobody waits for."""


class Child:
    """A part that must run: ``argv`` is its command. One that is not ``vital`` holds nobody up who waits for all."""

    def __init__(self, name: str, argv: Sequence[str], *, vital: bool = True) -> None:
        self.name = name
        self.ready = False
        self.reason = ""
        """Why it ended the last time, when it said so (``STATUS=``)."""
        self.ends_alike = False
        """Whether it gave the same reason the time before, and was not ready in between."""
        self.start_at: float | None = 0.0
        """When it is to be started; None while it runs."""
        self._vital = vital
        self._has_died = False
        self._argv = list(argv)
        self._backoff = Backoff(LONGEST_PAUSE_S if vital else LONGEST_PAUSE_OTHERS_S)
        self._process: subprocess.Popen[bytes] | None = None
        self._notify: socket.socket | None = None
        self._lifeline = self._pidfd = -1
        self._started_at = 0.0
        self._said = ""
        self._heard_at: float | None = None

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches the supervisor alone.

        Raises OSError when the system has no room for it now; then `start_at` says when to try again.
        """
        self._notify, address = bind_notify_socket(f"siaga112-{os.getpid()}-{self.name}")
        reader, self._lifeline = os.pipe2(os.O_CLOEXEC)
        try:
            self._process = subprocess.Popen(
                self._argv,
                env=self._environment(address, reader),
                pass_fds=(reader,),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._pidfd = os.pidfd_open(self._process.pid)
        except OSError:
            self.start_at = time.monotonic() + self._backoff.after(0)
            self._release()
            raise
        finally:
            os.close(reader)
        self.start_at = None
        self._said = ""
        self._started_at = time.monotonic()

    @property
    def awaited(self) -> bool:
        """Whether the whole is not ready without it: it is not, and may be soon or is needed."""
        return not self.ready and (self._vital or not self._has_died)

    @property
    def has_died(self) -> bool:
        """Whether this is not its first process."""
        return self._has_died

    @property
    def hung(self) -> bool:
        """Whether it was ready and has not shown since then, or since its last sign of life, that it goes on."""
        return self._heard_at is not None and time.monotonic() - self._heard_at > WATCHDOG_S

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def descriptors(self) -> Iterable[int]:
        """What becomes readable when the part has said something, or has ended."""
        if self._process is None or self._notify is None:
            return ()
        return (self._notify.fileno(), self._pidfd)

    def hear(self) -> bool:
        """Take what the part has said; True when this made it ready."""
        before = self.ready
        while self._notify is not None and select.select([self._notify], [], [], 0)[0]:
            for line in self._notify.recv(4096).decode(errors="replace").splitlines():
                self._take(line)
        return self.ready and not before

    def reap(self) -> int | None:
        """Return the exit status when the process has ended since the last look, and plan its restart."""
        if self._process is None or self._process.poll() is None:
            return None
        self.hear()
        status = self._process.returncode
        self._has_died = True
        self.ends_alike = bool(self._said) and self._said == self.reason
        self.reason = self._said
        self.start_at = time.monotonic() + self._backoff.after(time.monotonic() - self._started_at)
        self._release()
        return status

    def ask_to_end(self) -> None:
        """Ask the part to end; returns at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def wait_end(self, limit_s: float) -> None:
        """Wait for the part's end; after ``limit_s`` it is made to."""
        if self._process is None:
            return
        try:
            self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._release()

    def kill(self) -> None:
        """End the part at once."""
        self._heard_at = None
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def _environment(self, address: str, lifeline: int) -> dict[str, str]:
        # Whoever watches us names our own process there; it is not the one that is meant now.
        inherited = {name: value for name, value in os.environ.items() if name != WATCHDOG_PID_VARIABLE}
        return inherited | {
            ADDRESS_VARIABLE: address,
            WATCHDOG_VARIABLE: str(round(WATCHDOG_S * 1e6)),
            LIFELINE_VARIABLE: str(lifeline),
        }

    def _take(self, line: str) -> None:
        match line.partition("="):
            case ("READY", _, "1"):
                self.ready = True
                self.reason = ""
                self._heard_at = time.monotonic()
            case ("WATCHDOG", _, "1") if self.ready:
                self._heard_at = time.monotonic()
            case ("STOPPING", _, "1"):
                # What it has in hand may take its time.
                self._heard_at = None
            case ("STATUS", _, text):
                self._said = text

    def _release(self) -> None:
        for descriptor in (self._lifeline, self._pidfd):
            if descriptor >= 0:
                os.close(descriptor)
        if self._notify is not None:
            self._notify.close()
        self._lifeline = self._pidfd = -1
        self._process = self._notify = None
        self._heard_at = None
        self.ready = False
