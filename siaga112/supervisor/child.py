"""One part of ours as a child process: started, heard when it is ready, started again when it dies.

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

from siaga112.notify import bind_notify_socket
from siaga112.parts.running import LIFELINE_VARIABLE

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0
"""A child that lived so long begins again with the shortest pause."""


class Child:
    """A part that must run: ``argv`` is its command. One that is not ``vital`` holds nobody up who waits for all."""

    def __init__(self, name: str, argv: Sequence[str], *, vital: bool = True) -> None:
        self.name = name
        self.ready = False
        self._vital = vital
        self._has_died = False
        self.restart_at: float | None = None
        self._argv = list(argv)
        self._pause = FIRST_PAUSE_S
        self._process: subprocess.Popen[bytes] | None = None
        self._notify: socket.socket | None = None
        self._lifeline = self._pidfd = -1
        self._started_at = 0.0

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.restart_at = None
        self.ready = False
        self._notify, address = bind_notify_socket(f"siaga112-{os.getpid()}-{self.name}")
        reader, self._lifeline = os.pipe2(os.O_CLOEXEC)
        environment = os.environ | {"NOTIFY_SOCKET": address, LIFELINE_VARIABLE: str(reader)}
        try:
            self._process = subprocess.Popen(
                self._argv, env=environment, pass_fds=(reader,), stdin=subprocess.DEVNULL, start_new_session=True
            )
        finally:
            os.close(reader)
        self._pidfd = os.pidfd_open(self._process.pid)
        self._started_at = time.monotonic()

    @property
    def awaited(self) -> bool:
        """Whether the whole is not ready without it: it is not, and may be soon or is needed."""
        return not self.ready and (self._vital or not self._has_died)

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
        if self._notify is None:
            return False
        before = self.ready
        while select.select([self._notify], [], [], 0)[0]:
            if b"READY=1" in self._notify.recv(4096).split(b"\n"):
                self.ready = True
        return self.ready and not before

    def reap(self) -> int | None:
        """Return the exit status when the process has ended since the last look, and plan its restart."""
        if self._process is None or self._process.poll() is None:
            return None
        status = self._process.returncode
        self._has_died = True
        lived = time.monotonic() - self._started_at
        self._pause = FIRST_PAUSE_S if lived > STEADY_AFTER_S else min(self._pause * 2, LONGEST_PAUSE_S)
        self.restart_at = time.monotonic() + self._pause
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
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def _release(self) -> None:
        if self._notify is not None:
            self._notify.close()
            os.close(self._lifeline)
            os.close(self._pidfd)
        self._process = self._notify = None
        self.ready = False
