"""The supervisor: parts are heard, started again, and ended in order."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from siaga112.notify import bind_notify_socket
from siaga112.supervisor.errors import AlreadyRunningError
from siaga112.supervisor.lock import sole_owner
from tests.support.small_city import LIMIT_S, SmallCity


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
def running(tmp_path: Path) -> Iterator[SmallCity]:
    """A supervisor with two parts."""
    running = SmallCity(tmp_path)
    yield running
    running.close()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[SmallCity]:
    """The same, whose parts must give a sign of life every few seconds."""
    watched = SmallCity(tmp_path, watchdog_s=4.0)
    yield watched
    watched.close()


def test_ready_when_every_part_is(running: SmallCity) -> None:
    """`ready` comes after each part has said so, on a line of its own."""
    running.until("ready")

    assert {"first up", "last up", "ready"} == set(running.said)
    assert "ready" == running.said[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_ends_in_order_with_status_0(running: SmallCity, number: signal.Signals) -> None:
    """SIGTERM, Ctrl-C, a closed terminal: the last stage ends first, and nothing is left."""
    running.until("ready")
    children = running.children()
    running.process.send_signal(number)

    assert 0 == running.ended()
    assert ["first down", "last down"] == running.said[-2:]
    assert all_end(children)


def test_closing_a_terminal_is_said_once_or_twice(running: SmallCity) -> None:
    """Shell and kernel both send SIGHUP then: the second one is no wish to cut off what is in flight."""
    running.until("ready")
    (first,) = [running.part_pid("first")]
    os.kill(first, signal.SIGSTOP)
    running.process.send_signal(signal.SIGHUP)
    running.until_logged("up.stopping")
    running.process.send_signal(signal.SIGHUP)
    os.kill(first, signal.SIGCONT)

    assert 0 == running.ended()
    assert ["first down", "last down"] == running.said[-2:]


def test_dead_part_is_started_again(running: SmallCity) -> None:
    """A killed part comes back, and that is said."""
    running.until("ready")
    victim = running.part_pid("last")
    os.kill(victim, signal.SIGKILL)
    running.until("last up", count=2)

    assert victim not in running.children()
    running.until_logged("part.restarted")
    assert 1 == len(running.logged("part.died", '"status": -9'))


def test_frozen_part_is_replaced(watched: SmallCity) -> None:
    """A part that stands still serves nobody: it is ended, and another comes; those that live are left alone."""
    watched.until("ready")
    victim, other = watched.part_pid("last"), watched.part_pid("first")
    os.kill(victim, signal.SIGSTOP)
    watched.until("last up", count=2)

    assert 1 == len(watched.logged("part.hung", f'"pid": {victim}'))
    assert other == watched.part_pid("first")


def test_part_with_a_stuck_thread_is_replaced(watched: SmallCity) -> None:
    """A main thread that goes on is no sign of life when what does the work stands still; which one does is said."""
    watched.until("ready")
    stuck = watched.folder / "last.stuck"
    stuck.touch()
    watched.until_logged("part.stuck", "inside")
    watched.until_logged("part.hung", '"part": "last"')
    stuck.unlink()
    watched.until("last up", count=2)


def test_stopping_takes_longer_than_the_watchdog(watched: SmallCity) -> None:
    """What a part has in hand at the end is not cut off because nobody beats any more."""
    watched.until("ready")
    os.kill(watched.part_pid("first"), signal.SIGSTOP)
    watched.process.terminate()
    watched.until_logged("up.stopping")
    with pytest.raises(subprocess.TimeoutExpired):
        watched.process.wait(5)
    os.kill(watched.part_pid("first"), signal.SIGCONT)

    assert 0 == watched.ended()
    assert "first down" in watched.said


def test_part_ends_with_any_of_its_threads(running: SmallCity) -> None:
    """A thread that dies unseen would leave half a part: the process ends, says why, and is started again."""
    running.until("ready")
    os.kill(running.part_pid("last"), signal.SIGUSR1)
    running.until("last up", count=2)

    assert 1 == len(running.logged("thread.died", "doomed", "ZeroDivisionError"))
    assert 1 == len(running.logged("part.died", '"status": 70'))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_part_ends_in_good_order(running: SmallCity, number: signal.Signals) -> None:
    """Whichever signal asks for it: what it has in hand is finished, and its status is 0."""
    running.until("ready")
    os.kill(running.part_pid("last"), number)
    running.until("last down")
    running.until_logged("part.died", '"status": 0')


def test_part_that_cannot_run_is_said_once(tmp_path: Path) -> None:
    """Why it cannot is one structured line, however often it is tried; it holds nobody up who can do without it."""
    (tmp_path / "extra.refuses").write_text("the port is taken")
    city = SmallCity(tmp_path)
    try:
        city.until("ready")
        city.until_logged("part.died", '"part": "extra"', "the port is taken")
        (tmp_path / "extra.refuses").write_text("another port is taken")
        city.until_logged("part.died", '"part": "extra"', "another port is taken")
        (tmp_path / "extra.refuses").unlink()
        city.until_logged("part.ready", '"part": "extra"')
    finally:
        city.close()

    assert 2 == len(city.logged("part.died"))


def test_parts_end_with_their_supervisor(running: SmallCity) -> None:
    """A supervisor that is killed leaves no part running beside those of the next one."""
    running.until("ready")
    running.process.kill()
    running.until("first down")
    running.until("last down")


def test_supervisor_ends_with_whoever_began_it(tmp_path: Path) -> None:
    """A demo that is killed leaves no city running; a city that nobody gave a lifeline goes on by itself."""
    reader, writer = os.pipe()
    city = SmallCity(tmp_path, lifeline=reader)
    os.close(reader)
    try:
        city.until("ready")
        children = city.children()
        os.close(writer)

        assert 0 == city.ended()
        assert ["first down", "last down"] == city.said[-2:]
        assert all_end(children)
    finally:
        city.close()


def test_second_signal_stops_at_once(running: SmallCity) -> None:
    """Whoever asks twice does not wait: frozen parts are killed."""
    running.until("ready")
    children = running.children()
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    running.process.terminate()
    running.until_logged("up.stopping")
    running.process.terminate()

    assert 1 == running.ended()
    assert all_end(children)


def test_one_state_directory_has_one_owner(tmp_path: Path) -> None:
    """A second `up` is told so instead of fighting the first."""
    with sole_owner(tmp_path), pytest.raises(AlreadyRunningError, match="another"):  # noqa: SIM117
        with sole_owner(tmp_path):
            pass


def test_service_manager_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` under systemd: ready, then a sign of life each second, and that it is stopping."""
    receiver, address = bind_notify_socket(f"siaga112-test-{os.getpid()}-manager")
    receiver.setblocking(True)
    receiver.settimeout(LIMIT_S)
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    city = SmallCity(tmp_path)
    with receiver:
        heard = [receiver.recv(100)]
        while heard[-1] != b"READY=1":
            heard.append(receiver.recv(100))
        alive = receiver.recv(100)
        city.process.send_signal(signal.SIGTERM)
        while heard[-1] != b"STOPPING=1":
            heard.append(receiver.recv(100))
    city.close()

    assert b"WATCHDOG=1" == alive
