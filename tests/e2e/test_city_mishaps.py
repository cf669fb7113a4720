"""What `up` meets at its start or afterwards never keeps Asterisk from ringing the phones, and is mended by itself."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.softphone import answering
from tests.support.city import City, converse
from tests.support.eventual import LIMIT_S, eventually


@pytest.fixture
def stopped_city(tmp_path: Path) -> Iterator[City]:
    """A city of a test's own that has not been started."""
    city = City(tmp_path, drain_seconds=3)
    try:
        yield city
    finally:
        city.close()


def talk_without_us(city: City, number: str) -> None:
    """A call that Asterisk alone leads to an operator's phone."""
    with city.phone("1001", answering()) as desk, city.carrier() as carrier:
        call = city.dial(carrier, number)
        converse(call, desk.incoming())
        call.hangup()


def test_database_is_away_at_the_start(stopped_city: City) -> None:
    """Calls have their menu and their operator; what became of them is written down once the database is there."""
    stopped_city.app.paths.make_state_dir()
    stopped_city.app.paths.database.mkdir()
    stopped_city.start()
    with stopped_city.on_duty("1001", answering()) as desk, stopped_city.carrier() as carrier:
        call = stopped_city.dial_and_press(carrier, "081200000401", "1")
        converse(call, desk.incoming())
        call.hangup()
    stopped_city.await_said("schema.waits", component="worker")
    stopped_city.app.paths.database.rmdir()
    record = eventually("the schema", lambda: has_schema(stopped_city)) and stopped_city.await_record("+6281200000401")
    stopped_city.stop()

    assert ("answered", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


def has_schema(city: City) -> bool:
    """Whether the worker has made the tables."""
    return city.command("calls", "list").returncode == 0


def test_redis_cannot_start(stopped_city: City) -> None:
    """Its socket cannot be had: that is said, the phones ring, and `ready` comes as soon as it is mended."""
    paths = stopped_city.app.paths
    paths.make_run()
    paths.redis_socket.mkdir()
    stopped_city.start_up()
    stopped_city.await_said("server.started", server="asterisk")
    talk_without_us(stopped_city, "081200000411")
    why = stopped_city.await_said("server.not_started", server="redis-server")
    paths.redis_socket.rmdir()
    stopped_city.up.await_ready()
    record = stopped_city.await_record("+6281200000411")
    stopped_city.stop()

    assert str(paths.redis_socket) in why["reason"]
    assert ("fail_open", "1001") == (record["outcome"], record["operator"])


def test_servers_that_hang_are_replaced(own_city: City) -> None:
    """Asterisk and Redis answer nothing, for ever: both are said, ended and started again; then all is as before."""
    hung = {server: own_city.server_pid(server) for server in ("asterisk", "redis-server")}
    for pid in hung.values():
        os.kill(pid, signal.SIGSTOP)
    for server, pid in hung.items():
        assert (
            pid == eventually(f"{server} hangs", lambda s=server: own_city.said("server.hung", server=s), 90)[0]["pid"]
        )
        own_city.await_said("server.restarted", server=server)
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        own_city.await_available("1001")
        call = own_city.dial_and_press(carrier, "081200000421", "1")
        converse(call, desk.incoming())
        call.hangup()
        record = own_city.await_record("+6281200000421")
    own_city.stop()

    assert ("answered", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


def test_scripts_that_hang_are_replaced(own_city: City) -> None:
    """A FastAGI server that stands still would cost every caller the menu for ever: another takes its place."""
    frozen = own_city.pid_of("agi")
    os.kill(frozen, signal.SIGSTOP)
    eventually("agi hangs", lambda: own_city.said("part.hung", part="agi", pid=frozen), 120)
    eventually("another", lambda: len(own_city.said("part.ready", component="up", part="agi")) == 2)
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        call = own_city.dial_and_press(carrier, "081200000431", "1")
        converse(call, desk.incoming())
        call.hangup()
        record = own_city.await_record("+6281200000431")

    assert ("answered", "1001") == (record["outcome"], record["operator"])


def test_web_port_is_taken(stopped_city: City) -> None:
    """Calls and SMS do without it: `ready` comes, why it does not is one line, and it comes when the port is free."""
    with socket.create_server(("127.0.0.1", stopped_city.app.settings.web.port)):
        stopped_city.start()
        why = stopped_city.await_said("part.died", part="web")
    stopped_city.await_said("part.ready", part="web", component="up")
    stopped_city.stop()

    assert ("error", 1) == (why["level"], why["status"])
    assert str(stopped_city.app.settings.web.port) in why["reason"]
    assert 1 == len(stopped_city.said("part.died"))


def test_orderly_end_is_quiet(own_city: City) -> None:
    """Nothing that goes as it should is a warning or an error in the log, from start to end."""
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        call = own_city.dial_and_press(carrier, "081200000441", "1")
        converse(call, desk.incoming())
        call.hangup()
        own_city.await_record("+6281200000441")
    own_city.stop()
    lines = own_city.up.log.read_text().splitlines()

    assert [] == [line for line in lines if not line.startswith("{")]
    assert [] == [line for line in lines if '"level": "info"' not in line]
    assert [] == [line for line in lines if "Bad file descriptor" in line]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_demo_that_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    """A terminal that is closed, or a kill, in the middle of a demo: nothing of it goes on running."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "siaga112", "demo"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # As a terminal starts it; under nohup the tests inherit that a hang-up is ignored.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs
    )
    try:
        state = tmp_path / "var" / "demo" / "state"
        eventually("Asterisk", (state / "asterisk" / "run" / "asterisk.pid").exists, 150)
        demo.send_signal(number)
        status = demo.wait(LIMIT_S * 3)
        left = running_below(tmp_path)
    finally:
        for pid in [*running_below(tmp_path), *([demo.pid] if demo.poll() is None else [])]:
            os.kill(pid, signal.SIGKILL)

    assert 128 + number == status
    assert [] == left


def running_below(folder: Path) -> list[int]:
    """Processes whose command line names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if os.fsencode(folder) in words:
            found.append(int(entry.name))
    return found
