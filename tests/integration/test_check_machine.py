"""`check` on what surrounds an installation: ports, disk, clock, limits, programs, network, servers."""

import os
import resource
import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from siaga112.checking import files, machine
from tests.support.checked import Installation, left_asterisk, open_database, write_age
from tests.support.ports import taken
from tests.support.postgres import PostgresServer
from tests.support.redis_server import RedisServer


@pytest.mark.parametrize(
    ("kind", "which"),
    [
        (socket.SOCK_DGRAM, "sip"),
        (socket.SOCK_STREAM, "web"),
        (socket.SOCK_STREAM, "agi"),
        (socket.SOCK_STREAM, "ami"),
    ],
    ids=["sip", "web", "agi", "ami"],
)
def test_taken_port(installation: Installation, kind: socket.SocketKind, which: str) -> None:
    """Another program has a port of ours."""
    port = getattr(installation.ports, which)

    with taken(kind, port):
        (found,) = installation.faults()

    assert "ports" == found.name
    assert str(port) in found.problem


def test_ports_of_the_asterisk_that_was_left_running(installation: Installation) -> None:
    """One that outlived its `up` is adopted by the next: it is no other program."""
    with left_asterisk(installation):
        assert [] == installation.faults()


def test_open_ami(installation: Installation) -> None:
    """An AMI that other machines reach is said, beside the port that is taken."""
    with taken(socket.SOCK_STREAM, installation.ports.ami, "0.0.0.0"):
        names = [verdict.name for verdict in installation.faults()]

    assert ["ports", "ami"] == names


def test_full_disk(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less room than a day needs."""
    monkeypatch.setattr(files, "LEAST_FREE_BYTES", shutil.disk_usage("/").total + 1)

    (found,) = installation.faults()

    assert "disk" == found.name
    assert "MiB free" in found.problem


def test_clock_before_the_release(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a battery wakes in the past."""
    monkeypatch.setattr(machine, "RELEASED", datetime.now(UTC) + timedelta(days=1))

    (found,) = installation.faults()

    assert ("clock", "set the time and have it kept: timedatectl set-ntp true") == (found.name, found.mend)


def test_clock_behind_the_database(installation: Installation) -> None:
    """What was written tomorrow says that it is not today."""
    open_database(installation)
    (installation.state / "siaga112.db").chmod(0o600)
    write_age(installation.state / "siaga112.db", 86_400)

    assert ["clock"] == [verdict.name for verdict in installation.faults()]


def test_few_open_files(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that ends calls at the hundredth."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(machine, "LEAST_OPEN_FILES", soft + 1)

    assert ["limits"] == [verdict.name for verdict in installation.faults()]


def test_missing_program(installation: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without espeak-ng no prompt can be built."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sox", "redis-server"):
        (programs / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(programs))

    assert ["espeak-ng is not on PATH"] == [verdict.problem for verdict in installation.faults()]


def test_missing_module(installation: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An Asterisk that was installed in part: the module's name is said."""
    modules = tmp_path / "modules"
    modules.mkdir()
    monkeypatch.setattr("siaga112.checking.asterisk._folders", lambda _binary: [modules])

    names = {verdict.name for verdict in installation.faults()}

    assert {"modules"} == names


def test_behind_nat(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private address towards a public operator, and no public one named."""
    installation.put("[[trunks]]", host="8.8.8.8")
    installation.put("[asterisk]", bind="10.0.0.5")
    monkeypatch.setattr("hardware.asterisk.ports.refusal", lambda _port: "")

    (found,) = installation.faults()

    assert ("nat", "write the public address into [asterisk] external_address") == (found.name, found.mend)


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [("appendonly", "no", "appendonly yes"), ("appendfsync", "everysec", "appendfsync always")],
    ids=["keeps nothing", "a second late"],
)
def test_forgetful_redis(
    installation: Installation, redis_server: RedisServer, setting: str, value: str, mend: str
) -> None:
    """A Redis that loses what it acknowledged."""
    installation.put("[redis]", url=redis_server.url)
    assert [] == installation.faults()
    os.system(f"redis-cli -s {redis_server.socket_path} CONFIG SET {setting} {value} > /dev/null")  # noqa: S605
    try:
        (found,) = installation.faults()
    finally:
        redis_server.restart()

    assert "redis" == found.name
    assert mend in found.problem + found.mend


def test_database_is_away(installation: Installation, postgres_server: PostgresServer) -> None:
    """A PostgreSQL that was stopped; running and empty it lacks the schema."""
    installation.put("[store]", url=postgres_server.new_database())
    (empty,) = installation.faults()
    postgres_server.stop()
    (away,) = installation.faults()

    assert ("database", "siaga112 db upgrade") == (empty.name, empty.mend)
    assert "[store] url" in away.mend
