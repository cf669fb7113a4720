"""A detached server: found again by its pid file, never mistaken for a stranger, ended for sure."""

import os
import signal
import sys
from pathlib import Path

import pytest

from hardware.detached import Detached

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"


def server(tmp_path: Path, code: str = SLEEPER) -> Detached:
    return Detached(
        [sys.executable, "-c", code, str(tmp_path)], pid_file=tmp_path / "server.pid", output=tmp_path / "server.log"
    )


def test_second_run_adopts_what_the_first_left(tmp_path: Path) -> None:
    """A new owner finds the running process by the pid file and can end it."""
    first = server(tmp_path)
    first.start()
    pid = first.pid
    first.close()
    second = server(tmp_path)

    assert second.adopt()
    assert pid == second.pid
    assert second.alive
    second.end(5)
    assert not second.adopt()


def test_stranger_with_the_same_pid_is_left_alone(tmp_path: Path) -> None:
    """A pid file that names some other process is not believed."""
    (tmp_path / "server.pid").write_text(f"{os.getpid()}\n")

    assert not server(tmp_path).adopt()


@pytest.mark.parametrize("content", ["", "no number", "999999999"])
def test_broken_pid_file_means_nothing_runs(tmp_path: Path, content: str) -> None:
    """A torn or stale pid file is no error."""
    (tmp_path / "server.pid").write_text(content)

    assert not server(tmp_path).adopt()


def test_what_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    """`end` ends a process that will not listen."""
    stubborn = server(tmp_path, STUBBORN)
    stubborn.start()
    log = tmp_path / "server.log"
    while "deaf" not in log.read_text():
        assert stubborn.alive
        stubborn.wait(0.01)

    stubborn.end(0.2)

    assert not stubborn.alive
    assert stubborn.pid is None


def test_death_is_seen_on_the_descriptor(tmp_path: Path) -> None:
    """A process that is killed by somebody else is noticed."""
    victim = server(tmp_path)
    victim.start()

    victim.signal(signal.SIGKILL)

    assert victim.wait(5)
    assert not victim.alive
    victim.end(1)
