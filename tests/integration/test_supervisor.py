"""The supervisor: parts are heard, started again, and ended in order."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from siaga112.supervisor.supervisor import AlreadyRunningError, sole_owner

PART = """
import os
import sys
from contextlib import contextmanager
from siaga112 import log
from siaga112.parts.running import run_part

log.configure(sys.argv[1])

@contextmanager
def part():
    os.write(1, f"{sys.argv[1]} up\\n".encode())
    yield
    os.write(1, f"{sys.argv[1]} down\\n".encode())

run_part(sys.argv[1], part())
"""

SUPERVISOR = f"""
import sys
from siaga112 import log
from siaga112.supervisor.child import Child
from siaga112.supervisor.supervisor import Supervisor, print_ready

log.configure("up")

def child(name):
    return Child(name, [sys.executable, "-c", {PART!r}, name])

sys.exit(Supervisor([], [[child("last")], [child("first")]], on_ready=print_ready).run())
"""

LIMIT_S = 30.0


class Running:
    """A supervisor in a process of its own; what it says is kept line by line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self.log: list[str] = []
        self._changed = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines))
            for stream, lines in ((self.process.stdout, self.said), (self.process.stderr, self.log))
        ]
        for reader in self._readers:
            reader.start()

    def until(self, line: str) -> None:
        """Wait until it, or a part of it, has said this."""
        self._wait(lambda: line in self.said, line)

    def until_logged(self, event: str) -> None:
        """Wait until the log names this event."""
        self._wait(lambda: any(event in line for line in self.log), event)

    def children(self) -> list[int]:
        """Process ids of its parts."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def ended(self) -> int:
        """Wait for its end, and for all that was said until then."""
        status = self.process.wait(LIMIT_S)
        for reader in self._readers:
            reader.join(LIMIT_S)
        return status

    def close(self) -> None:
        """End it, whatever it does."""
        for pid in self.children() if self.process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.ended()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        for line in stream:
            with self._changed:
                lines.append(line.strip())
                self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, LIMIT_S), f"{what} was not said; said: {self.said} {self.log}"


def all_end(pids: list[int]) -> bool:
    """Wait until these processes have ended."""
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        ended = bool(select.select([descriptor], [], [], LIMIT_S)[0])
        os.close(descriptor)
        if not ended:
            return False
    return True


@pytest.fixture
def running() -> Iterator[Running]:
    """A supervisor with two parts."""
    running = Running()
    yield running
    running.close()


def test_ready_when_every_part_is(running: Running) -> None:
    """`ready` comes after each part has said so, on a line of its own."""
    running.until("ready")

    assert {"first up", "last up", "ready"} == set(running.said)
    assert "ready" == running.said[-1]


def test_ends_in_order_with_status_0(running: Running) -> None:
    """SIGTERM: the last stage ends first, and nothing is left."""
    running.until("ready")
    children = running.children()
    running.process.terminate()

    assert 0 == running.ended()
    assert ["first down", "last down"] == running.said[-2:]
    assert all_end(children)


def test_dead_part_is_started_again(running: Running) -> None:
    """A killed part comes back, and that is said."""
    running.until("ready")
    victim = running.children()[0]
    running.said.clear()
    os.kill(victim, signal.SIGKILL)
    running.until("last up")

    assert victim not in running.children()
    running.until_logged("part_restarted")
    assert any("part_died" in line for line in running.log)


def test_parts_end_with_their_supervisor(running: Running) -> None:
    """A supervisor that is killed leaves no part running beside those of the next one."""
    running.until("ready")
    running.process.kill()
    running.until("first down")
    running.until("last down")


def test_second_signal_stops_at_once(running: Running) -> None:
    """Whoever asks twice does not wait: frozen parts are killed."""
    running.until("ready")
    children = running.children()
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    running.process.terminate()
    running.until_logged("stopping")
    running.process.terminate()

    assert 1 == running.ended()
    assert all_end(children)


def test_one_state_directory_has_one_owner(tmp_path: Path) -> None:
    """A second `up` is told so instead of fighting the first."""
    with sole_owner(tmp_path / "up.lock"), pytest.raises(AlreadyRunningError, match="another"):  # noqa: SIM117
        with sole_owner(tmp_path / "up.lock"):
            pass
