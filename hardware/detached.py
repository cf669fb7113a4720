"""A server that outlives whoever started it, and is found again by its pid file.

Asterisk and Redis run so: when `up` is killed, calls and messages must go on, and the next `up` adopts what it finds.
Pid numbers are used again, so a process counts as ours only when its command line is the one that we would start.
"""

import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LOOK_EVERY_S = 0.02
LOOKS = 25


class Detached:
    """One server process in a session of its own.

    Args:
        argv: its command, all arguments; also what tells it from a stranger with the same pid.
        pid_file: where its process id is kept between runs.
        output: file that its standard output and error are added to.
    """

    def __init__(
        self, argv: Sequence[str], *, pid_file: Path, output: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._argv = list(argv)
        self._pid_file = pid_file
        self._output = output
        self._environment = dict(environment) if environment is not None else None
        self._child: subprocess.Popen[bytes] | None = None
        self._pidfd = -1
        self.pid: int | None = None

    def adopt(self) -> bool:
        """Take over the process that an earlier run left; False when there is none."""
        try:
            pid = int(self._pid_file.read_text())
            pidfd = os.pidfd_open(pid)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return False
        # The descriptor is taken first: from here on the number cannot come to mean another process unnoticed.
        if not self._is_ours(pid, pidfd):
            os.close(pidfd)
            return False
        self.pid, self._pidfd = pid, pidfd
        return True

    def start(self) -> None:
        """Start the process; a wrong command raises OSError."""
        self.close()
        self._output.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self._output.open("ab") as output:
            self._child = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # What they write is citizens' words: recordings, messages, call records.
                umask=0o077,
                env=self._environment,
            )
        self.pid = self._child.pid
        self._pidfd = os.pidfd_open(self.pid)
        fresh = self._pid_file.with_suffix(".new")
        fresh.write_text(f"{self.pid}\n")
        fresh.replace(self._pid_file)

    def fileno(self) -> int:
        """A descriptor that becomes readable when the process ends (pidfd_open(2))."""
        return self._pidfd

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._pidfd >= 0 and not self.wait(0)

    def wait(self, limit_s: float) -> bool:
        """Wait for the end; False when it has not come within ``limit_s``."""
        if self._pidfd < 0:
            return True
        ended = bool(select.select([self._pidfd], [], [], limit_s)[0])
        if ended and self._child is not None:
            self._child.wait()
        return ended

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a process that has ended takes none, and that is no error."""
        if self.alive:
            signal.pidfd_send_signal(self._pidfd, number)

    def end(self, limit_s: float) -> None:
        """SIGTERM, and SIGKILL when it has not ended within ``limit_s``; forget the process."""
        self.signal(signal.SIGTERM)
        if not self.wait(limit_s):
            self.signal(signal.SIGKILL)
            self.wait(limit_s)
        self._pid_file.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the process without ending it."""
        if self._pidfd >= 0:
            os.close(self._pidfd)
        if self._child is not None:
            # It is meant to go on without us: nobody will wait for it, and Popen must not warn about that.
            self._child.returncode = self._child.returncode if self._child.returncode is not None else 0
        self._child = None
        self._pidfd = -1
        self.pid = None

    def _is_ours(self, pid: int, pidfd: int) -> bool:
        running = _command_line(pid, pidfd)
        # The program's own name may be a link; its arguments name our directories, which no stranger has.
        return len(self._argv) > 1 and all(argument.encode() in running for argument in self._argv[1:])


def _command_line(pid: int, pidfd: int) -> list[bytes]:
    """The arguments of a process. In the first moments after exec the kernel has none to show: they are waited for."""
    for _ in range(LOOKS):
        try:
            found = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return []
        if found or select.select([pidfd], [], [], LOOK_EVERY_S)[0]:
            return found.split(b"\0")
    return []
