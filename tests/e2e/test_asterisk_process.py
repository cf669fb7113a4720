"""Asterisk as a process: it comes up clean, outlives its starter, takes new settings, ends without cutting off."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hardware.asterisk.errors import AsteriskStartError, PortTakenError
from hardware.asterisk.process import ManagedAsterisk
from hardware.softphone import Phone, WaitError, answering
from siaga112.settings import Settings
from tests.support.asterisk_server import AsteriskServer
from tests.support.ports import free_port

STARTER = """
import sys, signal
from pathlib import Path
from hardware.asterisk.process import ManagedAsterisk
from siaga112 import log
from siaga112.settings import Settings
log.configure("starter")
settings = Settings.model_validate_json(sys.stdin.readline())
ManagedAsterisk(settings, Path(sys.argv[1])).ensure()
print("started", flush=True)
signal.pause()
"""


def test_boots_without_a_warning(fresh_asterisk: AsteriskServer) -> None:
    """Nothing in the generated files makes Asterisk complain."""
    fresh_asterisk.start()

    assert fresh_asterisk.log == ""


def test_every_setting_boots_without_a_warning(fresh_asterisk: AsteriskServer) -> None:
    """Nor do all that a city may set: TCP, TLS, SRTP, NAT, registration, strange passwords, a node's name."""
    tables = fresh_asterisk.tables
    carrier, backup = tables["trunks"]
    secure = {
        "name": "secure",
        "host": "127.0.0.4:5061",
        "transport": "tls",
        "srtp": True,
        "nat": True,
        "codecs": ["g722", "alaw"],
        "dtmf": "auto",
        "qualify_seconds": 0,
        "rtp_timeout_seconds": 0,
    }
    plain = {
        "name": "tcp.line_2",
        "host": "127.0.0.5",
        "transport": "tcp",
        "match": ["127.0.0.5", "127.0.1.0/24"],
        "dtmf": "info",
    }
    fixed = {"extension": "1004", "contact": "sip:127.0.0.14", "networks": ["127.0.0.14", "127.0.2.0/24"]}
    fresh_asterisk.configure(
        tables
        | {
            "site": tables["site"] | {"node": "node-a"},
            "asterisk": tables["asterisk"] | {"external_address": "203.0.113.5"},
            "routing": {"fallback_number": "+62331110"},
            "trunks": [carrier | {"username": "a;b", "password": "x;y\\;[z]=>'\""}, backup, secure, plain],
            "operators": [*tables["operators"], fixed, {"extension": "1005"}],
        }
    )

    fresh_asterisk.start()

    assert fresh_asterisk.log == ""
    assert "x;y\\;[z]=>'\"" in fresh_asterisk.asterisk.command("pjsip show auth trunk-carrier")


def test_every_module_runs(fresh_asterisk: AsteriskServer) -> None:
    """What is loaded runs; chan_pjsip without its neighbours would take calls and never answer."""
    fresh_asterisk.start()

    listing = fresh_asterisk.asterisk.command("module show").splitlines()[1:-1]

    assert [] == [line for line in listing if " Running " not in line]


def test_survives_its_starter_and_is_adopted(fresh_asterisk: AsteriskServer) -> None:
    """A starter that is killed leaves Asterisk and its calls alone; the next one takes over."""
    starter = start_elsewhere(fresh_asterisk)
    pid = int(fresh_asterisk.asterisk.layout.pid_file.read_text())
    with fresh_asterisk.carrier() as carrier:
        call = fresh_asterisk.dial(carrier)
        call.wait_answered()
        starter.kill()
        starter.communicate()

        adopted = fresh_asterisk.asterisk.ensure()

        assert adopted
        assert pid == fresh_asterisk.asterisk.pid
        call.wait_tone(440)


def start_elsewhere(server: AsteriskServer) -> "subprocess.Popen[bytes]":
    """A process of its own that starts the server's Asterisk and then waits."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(server.prompts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert starter.stdin is not None
    assert starter.stdout is not None
    starter.stdin.write(json.dumps(server.tables, default=str).encode() + b"\n")
    starter.stdin.flush()
    assert starter.stdout.readline() == b"started\n"
    return starter


def with_trunk(server: AsteriskServer, **changes: object) -> ManagedAsterisk:
    """The server's Asterisk under settings whose second trunk is changed."""
    first, second = server.tables["trunks"]
    settings = Settings.model_validate(server.tables | {"trunks": [first, second | changes]})
    return ManagedAsterisk(settings, server.prompts)


def test_new_settings_are_taken_up_while_calls_go_on(fresh_asterisk: AsteriskServer) -> None:
    """A trunk that was renamed is there after adoption, the old one is gone, and the call talks on."""
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier, fresh_asterisk.phone("1001", answering()) as operator:
        call = fresh_asterisk.dial(carrier)
        talking = operator.incoming()
        call.wait_answered()
        heir = with_trunk(fresh_asterisk, name="new")
        fresh_asterisk.asterisk.close()

        adopted = heir.ensure()
        endpoints = heir.command("pjsip show endpoints")

        call.play_tone(700)
        talking.wait_tone(700)
        call.hangup()
    heir.kill()

    assert adopted
    assert "trunk-new" in endpoints
    assert "trunk-backup" not in endpoints


def test_settings_that_only_a_start_takes_up(fresh_asterisk: AsteriskServer) -> None:
    """A port that was changed is listened on after the next `ensure`, by a new process."""
    fresh_asterisk.start()
    old = fresh_asterisk.asterisk.pid
    fresh_asterisk.asterisk.close()
    port = free_port()
    asterisk = fresh_asterisk.tables["asterisk"] | {"sip_port": port, "drain_seconds": 1}
    heir = ManagedAsterisk(
        Settings.model_validate(fresh_asterisk.tables | {"asterisk": asterisk}), fresh_asterisk.prompts
    )

    adopted = heir.ensure()
    transports = heir.command("pjsip show transports")
    new = heir.pid
    heir.kill()

    assert not adopted
    assert old != new
    assert f"127.0.0.1:{port}" in transports


def test_hung_asterisk_is_replaced(fresh_asterisk: AsteriskServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is there and does not answer is no exchange: a new one takes its place."""
    monkeypatch.setattr("hardware.asterisk.process.BOOT_LIMIT_S", 3.0)
    fresh_asterisk.start()
    pid = fresh_asterisk.asterisk.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    fresh_asterisk.asterisk.close()

    adopted = fresh_asterisk.asterisk.ensure()

    assert not adopted
    assert pid != fresh_asterisk.asterisk.pid
    assert fresh_asterisk.asterisk.command("core show uptime").startswith("System uptime")


def test_hang_is_seen(fresh_asterisk: AsteriskServer) -> None:
    """One that stands still does not answer; one that only does not know us any more does, and may keep its calls."""
    fresh_asterisk.start()
    asterisk = fresh_asterisk.asterisk
    assert asterisk.pid is not None
    well = asterisk.answers(10)
    asterisk.layout.ami_secret.write_text("another")
    unknown = asterisk.answers(10)
    os.kill(asterisk.pid, signal.SIGSTOP)
    hung = asterisk.answers(0.5)
    asterisk.kill()
    gone = asterisk.answers(10)

    assert (True, True, False, False) == (well, unknown, hung, gone)


def test_unchanged_settings_touch_nothing(fresh_asterisk: AsteriskServer) -> None:
    """Adoption without a change writes no file and reloads nothing."""
    fresh_asterisk.start()
    before = {path: path.stat().st_mtime_ns for path in fresh_asterisk.asterisk.layout.etc.rglob("*.conf")}

    fresh_asterisk.asterisk.ensure()

    assert before == {path: path.stat().st_mtime_ns for path in fresh_asterisk.asterisk.layout.etc.rglob("*.conf")}
    assert fresh_asterisk.events.find("Reload") is None


@pytest.mark.parametrize(
    ("key", "kind"), [("sip_port", socket.SOCK_DGRAM), ("ami_port", socket.SOCK_STREAM)], ids=["sip", "ami"]
)
def test_port_that_is_taken_is_named(fresh_asterisk: AsteriskServer, key: str, kind: socket.SocketKind) -> None:
    """One line names the setting and the address; nothing is started."""
    port = getattr(fresh_asterisk.settings.asterisk, key)
    with socket.socket(socket.AF_INET, kind) as squatter:
        squatter.bind(("127.0.0.1", port))
        if kind is socket.SOCK_STREAM:
            squatter.listen()
        with pytest.raises(PortTakenError) as raised:
            fresh_asterisk.asterisk.ensure()

    assert f"asterisk.{key}" in str(raised.value)
    assert f"127.0.0.1:{port}" in str(raised.value)
    assert fresh_asterisk.asterisk.pid is None


def test_asterisk_that_cannot_start_says_why(fresh_asterisk: AsteriskServer) -> None:
    """What Asterisk said last is in the error."""
    (fresh_asterisk.directory / "asterisk" / "var").mkdir(parents=True)
    (fresh_asterisk.directory / "asterisk" / "var" / "astdb.sqlite3").mkdir()

    with pytest.raises(AsteriskStartError, match="ended while starting"):
        fresh_asterisk.asterisk.ensure()


def test_death_is_seen(fresh_asterisk: AsteriskServer) -> None:
    """Its descriptor becomes readable and `alive` turns false when it is killed."""
    fresh_asterisk.start()
    pid = fresh_asterisk.asterisk.pid
    assert pid is not None
    assert fresh_asterisk.asterisk.alive()

    os.kill(pid, signal.SIGKILL)

    assert select.select([fresh_asterisk.asterisk.fileno()], [], [], 5)[0]
    assert not fresh_asterisk.asterisk.alive()


def test_is_started_again_after_a_crash(fresh_asterisk: AsteriskServer) -> None:
    """A pid file and sockets that a crash left behind are no hindrance."""
    fresh_asterisk.start()
    fresh_asterisk.asterisk.kill()

    adopted = fresh_asterisk.asterisk.ensure()

    assert not adopted
    assert fresh_asterisk.asterisk.alive()


def test_stop_waits_for_the_call_and_takes_no_other(fresh_asterisk: AsteriskServer) -> None:
    """While it stops the conversation goes on and a new caller is refused at once: the carrier can go elsewhere."""
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier, fresh_asterisk.phone("1001", answering()) as operator:
        call = fresh_asterisk.dial(carrier)
        talking = operator.incoming()
        call.wait_answered()
        stopping = threading.Thread(target=fresh_asterisk.asterisk.stop, args=(60,))
        stopping.start()
        refused = next_refusal(fresh_asterisk, carrier)
        call.play_tone(700)
        talking.wait_tone(700)
        still_up = stopping.is_alive()
        call.hangup()
        stopping.join(30)

    assert still_up
    assert 503 == refused
    assert not stopping.is_alive()
    assert not fresh_asterisk.asterisk.alive()


def next_refusal(server: AsteriskServer, carrier: Phone) -> int | None:
    """Call until a call is refused; the status."""
    for _ in range(100):
        attempt = server.dial(carrier)
        try:
            attempt.wait_answered()
        except WaitError:
            return attempt.ending.status if attempt.ending else None
        attempt.hangup()
    raise AssertionError("no call is refused")


def test_stop_has_a_limit(fresh_asterisk: AsteriskServer) -> None:
    """A call that does not end is ended when the time is up."""
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier:
        call = fresh_asterisk.dial(carrier)
        call.wait_answered()

        fresh_asterisk.asterisk.stop(0.5)

    assert not fresh_asterisk.asterisk.alive()


def test_logs_are_rotated(fresh_asterisk: AsteriskServer) -> None:
    """A log that has grown is put aside, and only so many old ones are kept."""
    fresh_asterisk.start()
    folder = fresh_asterisk.asterisk.layout.log
    for number in range(9):
        (folder / f"messages.log.{number}").write_text(f"old {number}")

    fresh_asterisk.asterisk.rotate_logs(size=1)

    assert [f"messages.log.{number}" for number in range(5)] == sorted(
        path.name for path in folder.glob("messages.log.*")
    )
    assert "old 0" == (folder / "messages.log.1").read_text()


def test_secrets_are_ours_alone(fresh_asterisk: AsteriskServer) -> None:
    """Generated files and the AMI password can be read by nobody else."""
    fresh_asterisk.start()
    layout = fresh_asterisk.asterisk.layout
    files = [layout.ami_secret, *layout.etc.rglob("*.conf")]

    assert {0o600} == {path.stat().st_mode & 0o777 for path in files}
    assert fresh_asterisk.asterisk.ami.secret not in repr(fresh_asterisk.asterisk.ami)


def test_long_state_directory(tmp_path: Path) -> None:
    """A state directory whose path is too long for a Unix socket works all the same."""
    server = AsteriskServer(tmp_path / ("long-name-" * 12))
    try:
        server.start()
        uptime = server.asterisk.command("core show uptime")
    finally:
        server.close()

    assert uptime.startswith("System uptime")
