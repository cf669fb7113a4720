"""The same script as a classic AGI, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from redis_queue.pool import OperatorPool
from siaga112.settings import Settings
from tests.support.agi_city import agi_city
from tests.support.fake_asterisk import FakeAsterisk
from tests.support.pool import NODE, checked_pool, profile, staff
from tests.support.redis_server import RedisServer


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    """The city."""
    return agi_city(tmp_path, redis_server.url)


@pytest.fixture
def pool(redis_client: Redis) -> OperatorPool:
    """One operator, on duty and free."""
    found = checked_pool(redis_client)
    staff(found, profile("1001"))
    return found


def classic(name: str, config: Path, theirs: socket.socket) -> "subprocess.Popen[bytes]":
    """`siaga112-agi NAME` as Asterisk starts it: the AGI on standard input and output."""
    command = [sys.executable, "-c", "from agi_scripts.classic import main; main()", name]
    environ = {**os.environ, "SIAGA112_CONFIG": str(config), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.PIPE, env=environ)


@pytest.fixture
def config(tmp_path: Path, settings: Settings, redis_server: RedisServer) -> Path:
    """The same city as a file."""
    file = tmp_path / "siaga112.toml"
    file.write_text(
        f'[redis]\nurl = "{redis_server.url}"\n[site]\nnode = "{NODE}"\nstate_dir = "{tmp_path}"\n'
        '[[agencies]]\ncode = "damkar"\n'
        '[[categories]]\ncode = "kebakaran"\nname = { id = "Kebakaran" }\ndigit = 1\nagencies = ["damkar"]\n'
    )
    return file


def test_a_script_runs_as_a_classic_agi(config: Path, pool: OperatorPool) -> None:
    """The same call, the same variables; a SIGHUP, which Asterisk sends too, does not end it half-way."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("call", config, theirs)
    caller = FakeAsterisk(ours, keys={"notice": "1"})
    caller.wait_for("STREAM", "FILE")
    process.send_signal(signal.SIGHUP)
    caller.finish()
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 0, errors.decode()
    assert caller.variables["SIAGA112_ROUTE"] == "PJSIP/1001"
    assert b"081234567890" not in errors


def test_a_classic_agi_of_no_name_is_a_failure(config: Path) -> None:
    """Wrong use: said on standard error, exit status 2, and FAILURE for the dialplan."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("nonsense", config, theirs)
    caller = FakeAsterisk(ours)
    _, errors = process.communicate(timeout=20)
    caller.finish()

    assert (process.returncode, caller.status) == (2, "FAILURE")
    assert (errors.count(b"\n"), errors.startswith(b"siaga112-agi: no script 'nonsense'; there is call")) == (1, True)


def test_a_classic_agi_speaks_before_it_is_ready(config: Path, pool: OperatorPool) -> None:
    """Its first command renews the dead-man timer, before it has read the configuration or anything else."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("call", config, theirs)
    caller = FakeAsterisk(ours, keys={"notice": "1"})
    caller.finish()
    process.communicate(timeout=20)

    assert caller.commands[0] == ["SET", "VARIABLE", "TIMEOUT(absolute)", "4.0"]


def test_who_runs_it_by_hand_is_told_what_it_is(tmp_path: Path) -> None:
    """Without Asterisk at its other end: one line, exit status 2."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", "from agi_scripts.classic import main; main()"]
    without_name = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environ, check=False)
    without_call = subprocess.run(
        [*command, "call"], stdin=subprocess.DEVNULL, capture_output=True, env=environ, check=False
    )

    assert (without_name.returncode, without_call.returncode) == (2, 2)
    assert without_name.stderr == b"usage, by Asterisk: AGI(siaga112-agi,NAME)\n"
    assert without_call.stderr == b"siaga112-agi: this is no AGI: end of file\n"


def test_a_classic_agi_without_configuration_is_a_failure(tmp_path: Path) -> None:
    """A mistyped path: one line, exit status 2, and the dialplan goes on."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("call", tmp_path / "none.toml", theirs)
    caller = FakeAsterisk(ours)
    _, errors = process.communicate(timeout=20)
    caller.finish()

    assert (process.returncode, caller.status) == (2, "FAILURE")
    assert errors.count(b"\n") == 1
    assert b"none.toml" in errors
