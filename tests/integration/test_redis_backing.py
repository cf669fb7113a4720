"""The private redis-server as `up` keeps it: what a crash leaves in its file, and a server that answers nothing."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from redis_queue.connection import connect
from siaga112.paths import StatePaths
from siaga112.supervisor import redis_backing
from siaga112.supervisor.errors import ServerDownError
from siaga112.supervisor.redis_backing import RedisBacking


@pytest.fixture
def paths(tmp_path: Path) -> StatePaths:
    """An installation of a test's own."""
    paths = StatePaths(tmp_path)
    paths.make_run()
    return paths


@pytest.fixture
def backing(paths: StatePaths) -> Iterator[RedisBacking]:
    """Its server, not started yet."""
    backing = RedisBacking(paths)
    yield backing
    backing.kill()


@pytest.fixture
def redis(paths: StatePaths) -> Iterator[Redis]:
    """A client of it."""
    redis = connect(f"unix://{paths.redis_socket}")
    yield redis
    redis.close()


def crashed_with_a_message(backing: RedisBacking, redis: Redis, paths: StatePaths) -> Path:
    """Have it keep a message and die; the file that holds it."""
    backing.start()
    redis.set("message", "kept")
    redis.set("another", "kept, too")
    backing.kill()
    (file,) = (paths.redis / "appendonlydir").glob("*.incr.aof")
    return file


def test_torn_tail_costs_nothing_that_was_acknowledged(backing: RedisBacking, redis: Redis, paths: StatePaths) -> None:
    """The power failed in the middle of a command: it is forgotten, nobody was told that it was kept."""
    file = crashed_with_a_message(backing, redis, paths)
    with file.open("ab") as tail:
        tail.write(b"*3\r\n$3\r\nSET\r\n$4\r\nto")

    adopted = backing.start()

    assert not adopted
    assert "kept, too" == redis.get("another")


def test_damaged_file_is_said_and_stays(backing: RedisBacking, redis: Redis, paths: StatePaths) -> None:
    """What is wrong in the middle is no matter of ours to throw away: one line says what, where, and what helps."""
    file = crashed_with_a_message(backing, redis, paths)
    damaged = file.read_bytes().replace(b"$4\r\nkept", b"\0\0\r\nkept", 1)
    file.write_bytes(damaged)

    with pytest.raises(ServerDownError) as raised:
        backing.start()

    said = str(raised.value)
    assert 1 == len(said.splitlines())
    assert "append only file" in said
    assert "redis-check-aof" in said
    assert str(paths.redis) in said
    assert damaged == file.read_bytes()


def test_socket_that_is_taken_is_said(backing: RedisBacking, paths: StatePaths) -> None:
    """One line with the place, and what redis-server says of it."""
    paths.redis_socket.mkdir()
    (paths.redis_socket / "in the way").touch()

    with pytest.raises(ServerDownError) as raised:
        backing.start()

    assert 1 == len(str(raised.value).splitlines())
    assert str(paths.redis_socket) in str(raised.value)


def test_frozen_server_of_an_earlier_run_is_replaced(
    backing: RedisBacking, redis: Redis, paths: StatePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there, ours, and answers nothing: it is ended, and the next attempt starts another with all it held."""
    monkeypatch.setattr(redis_backing, "SILENT_LIMIT_S", 1.0)
    backing.start()
    redis.set("message", "kept")
    frozen = backing.pid
    assert frozen is not None
    os.kill(frozen, signal.SIGSTOP)
    heir = RedisBacking(paths)
    with pytest.raises(ServerDownError, match="did not answer"):
        heir.start()

    adopted = heir.start()
    pid = heir.pid
    kept = redis.get("message")
    heir.kill()

    assert not adopted
    assert frozen != pid
    assert "kept" == kept


def test_server_that_runs_is_adopted(backing: RedisBacking, paths: StatePaths) -> None:
    """By its pid file and its answer."""
    backing.start()
    heir = RedisBacking(paths)

    assert heir.start()
    assert backing.pid == heir.pid
    assert heir.answers(5.0)


def test_log_that_has_grown_is_put_aside(
    backing: RedisBacking, paths: StatePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a new one is begun."""
    monkeypatch.setattr(redis_backing, "LOG_SIZE", 1)
    backing.start()
    backing.tidy()
    connect(f"unix://{paths.redis_socket}").bgrewriteaof()

    assert ["redis.log.1"] == [path.name for path in paths.redis.glob("redis.log.*")]
