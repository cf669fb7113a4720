"""The servers behind `up`: started whatever else is wrong, started again when they die or hang, never in each other's
way."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.small_city import SmallCity

Start = Callable[..., SmallCity]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a city with these servers."""
    started: list[SmallCity] = []

    def start(*servers: str) -> SmallCity:
        started.append(SmallCity(tmp_path, *servers))
        return started[-1]

    yield start
    for city in started:
        city.close()


def test_servers_come_before_ready_and_end_after_the_parts(start: Start) -> None:
    """Calls are drained while the parts still serve them; the servers end last, in reverse."""
    city = start("one", "two")
    city.until("ready")
    pids = [city.server_pid("one"), city.server_pid("two")]
    city.process.terminate()

    assert 0 == city.ended()
    assert ["one drained", "two drained", "first down", "last down", "two stopped", "one stopped"] == city.said[-6:]
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_server_that_dies_is_started_again(start: Start) -> None:
    """And both are said."""
    city = start("one")
    city.until("ready")
    victim = city.server_pid("one")
    os.kill(victim, signal.SIGKILL)
    city.until_logged("server.restarted", '"server": "one"')

    assert victim != city.server_pid("one")
    assert 1 == len(city.logged("server.died", '"server": "one"'))


def test_server_that_hangs_is_replaced(start: Start) -> None:
    """It is there and answers nothing: said, ended, started again."""
    city = start("one", "two")
    city.until("ready")
    victim, other = city.server_pid("one"), city.server_pid("two")
    os.kill(victim, signal.SIGSTOP)
    city.until_logged("server.restarted", '"server": "one"')

    assert not Path(f"/proc/{victim}").exists()
    assert 1 == len(city.logged("server.hung", f'"pid": {victim}'))
    assert other == city.server_pid("two")


def test_server_that_cannot_start_ends_nothing(start: Start, tmp_path: Path) -> None:
    """Why is said once, all others run meanwhile, and `ready` comes when it has been mended."""
    broken = tmp_path / "one.broken"
    broken.write_text("its port is taken")
    city = start("one", "two")
    city.until("first up")
    city.until("last up")
    city.until_logged("server.started", '"server": "two"')
    broken.write_text("its disk is full")
    city.until_logged("server.not_started", "its disk is full")
    assert "ready" not in city.said
    broken.unlink()
    city.until("ready")

    assert ["its port is taken", "its disk is full"] == [
        reason
        for line in city.logged("server.not_started")
        for reason in ("its port is taken", "its disk is full")
        if reason in line
    ]


def test_server_that_takes_long_to_start_keeps_nobody_waiting(start: Start, tmp_path: Path) -> None:
    """While one server is being started again the others, and the parts, are looked after."""
    city = start("one", "two")
    city.until("ready")
    held = tmp_path / "one.held"
    os.mkfifo(held)
    os.kill(city.server_pid("one"), signal.SIGKILL)
    city.until_logged("server.died", '"server": "one"')
    os.kill(city.server_pid("two"), signal.SIGKILL)
    os.kill(city.part_pid("last"), signal.SIGKILL)
    city.until_logged("server.restarted", '"server": "two"')
    city.until("last up", count=2)
    assert not city.logged("server.restarted", '"server": "one"')
    held.write_text("go on")
    city.until_logged("server.restarted", '"server": "one"')


def test_server_outlives_a_killed_supervisor(start: Start) -> None:
    """The next one adopts it."""
    city = start("one")
    city.until("ready")
    pid = city.server_pid("one")
    city.process.kill()
    city.ended()
    heir = start("one")
    heir.until("ready")

    assert 1 == len(heir.logged("server.adopted", f'"pid": {pid}'))


def test_second_signal_ends_the_servers_too(start: Start) -> None:
    """Frozen or not."""
    city = start("one")
    city.until("ready")
    server, part = city.server_pid("one"), city.part_pid("first")
    for pid in (server, part):
        os.kill(pid, signal.SIGSTOP)
    city.process.terminate()
    city.until("one drained")
    city.process.terminate()

    assert 1 == city.ended()
    assert not Path(f"/proc/{server}").exists()


def test_log_files_are_looked_after(start: Start, tmp_path: Path) -> None:
    """Each server that answers is asked to keep its logs small."""
    city = start("one")
    city.until("ready")
    city.process.terminate()
    city.ended()

    assert (tmp_path / "one.tidied").exists()
