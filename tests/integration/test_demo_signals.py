"""A demo that is told to end: nothing of it is left, and it touches no demo that runs."""

import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.asterisk.layout import Layout
from hardware.detached import Detached
from siaga112.demo.city import STATE, throw_away_city
from siaga112.paths import StatePaths
from siaga112.supervisor.errors import AlreadyRunningError
from siaga112.supervisor.lock import sole_owner
from siaga112.supervisor.redis_backing import RedisBacking

LIMIT_S = 60.0

DEMO = """
import signal, sys
from siaga112.demo.signals import ended_by_signals

with ended_by_signals():
    try:
        print("begun", flush=True)
        signal.pause()
    finally:
        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.raise_signal(number)
        print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_demo_ends_what_it_began(number: signal.Signals) -> None:
    """SIGTERM, and the SIGHUP of a terminal that is closed, once or several times: it is left in good order."""
    demo = subprocess.Popen([sys.executable, "-c", DEMO], stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    with demo.stdout:
        assert "begun\n" == demo.stdout.readline()
        demo.send_signal(number)
        said = demo.stdout.read()

    assert "ended\n" == said
    assert 128 + number == demo.wait(LIMIT_S)


def test_demo_under_nohup_outlives_its_terminal() -> None:
    """Where SIGHUP is ignored from the start, that is what somebody wanted."""
    demo = subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{DEMO}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout is not None
    with demo.stdout:
        assert "begun\n" == demo.stdout.readline()
        demo.send_signal(signal.SIGHUP)
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()

    assert 128 + signal.SIGTERM == demo.wait(LIMIT_S)


def test_city_that_runs_is_not_thrown_away(tmp_path: Path) -> None:
    """A second demo in the same folder is told so, and destroys nothing."""
    config = throw_away_city(tmp_path)
    state = tmp_path / STATE
    before = config.read_text()
    with sole_owner(StatePaths(state).make_run()):
        (state / "siaga112.db").write_text("tickets")
        with pytest.raises(AlreadyRunningError):
            throw_away_city(tmp_path)

    assert ("tickets", before) == ((state / "siaga112.db").read_text(), config.read_text())


def test_servers_of_a_killed_city_are_ended(tmp_path: Path) -> None:
    """A new demo throws the pid files away, so what they name must not go on: nobody would find it again."""
    throw_away_city(tmp_path)
    paths = StatePaths(tmp_path / STATE)
    paths.make_run()
    layout = Layout.under(paths.state_dir)
    asterisk = Detached(
        [sys.executable, "-c", "import signal; signal.pause()", str(layout.config)],
        pid_file=layout.pid_file,
        output=layout.console_log,
    )
    redis = RedisBacking(paths)
    asterisk.start()
    redis.start()
    throw_away_city(tmp_path)
    try:
        assert asterisk.wait(LIMIT_S)
        assert select.select([redis.fileno()], [], [], LIMIT_S)[0]
    finally:
        asterisk.end(LIMIT_S)
        redis.kill()
