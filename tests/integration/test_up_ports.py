"""`up` and the ports that other programs have: said in one line at its start, unless waiting for them helps."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hardware.asterisk.errors import PortTakenError
from siaga112.paths import StatePaths
from siaga112.settings import Settings, load
from siaga112.supervisor import ports
from tests.support.checked import Installation, left_asterisk
from tests.support.ports import taken

UDP, TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person starts it."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)


@pytest.fixture
def settings(installation: Installation) -> Settings:
    """What it says."""
    return load(installation.config, {})


@pytest.fixture
def full(settings: Settings) -> Iterator[None]:
    """Strangers on every port for speech but those of one leg."""
    first, last = settings.asterisk.rtp_ports
    with ExitStack() as strangers:
        for port in range(first + 2, last + 1):
            strangers.enter_context(taken(UDP, port))
        yield


def require_free(installation: Installation, settings: Settings) -> None:
    ports.require_free(settings, StatePaths(installation.state))


def test_up_says_it_and_ends(installation: Installation) -> None:
    """One line names the key, the port and what to do; exit status 1, and nothing was started."""
    port = installation.ports.sip
    with taken(UDP, port):
        done = subprocess.run(
            [sys.executable, "-m", "siaga112", "--config", str(installation.config), "up"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    wrong = f"asterisk.sip_port: udp 127.0.0.1:{port} cannot be had (Address already in use)"
    assert [f"Error: {wrong}; end what has it, or choose another"] == [
        line for line in done.stderr.splitlines() if not line.startswith("{")
    ]
    assert (1, "") == (done.returncode, done.stdout)
    assert not (installation.state / "redis").exists()


@pytest.mark.parametrize(("which", "kind"), [("sip", UDP), ("ami", TCP), ("agi", TCP)], ids=["sip", "ami", "agi"])
def test_taken_port(
    installation: Installation, settings: Settings, which: str, kind: socket.SocketKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each port that calls need is named by its key."""
    monkeypatch.setattr(ports, "PATIENCE_S", 0)
    port = getattr(installation.ports, which)

    with taken(kind, port), pytest.raises(PortTakenError, match=rf"^asterisk\.{which}_port: .*:{port} "):
        require_free(installation, settings)


@pytest.mark.usefixtures("full")
def test_no_room_for_speech(installation: Installation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One leg's ports make no call."""
    monkeypatch.setattr(ports, "PATIENCE_S", 0)

    with pytest.raises(PortTakenError, match=r"^asterisk\.rtp_ports: .* too few can be had for one call; "):
        require_free(installation, settings)


def test_some_ports_for_speech_are_taken(installation: Installation, settings: Settings) -> None:
    """Asterisk passes over them."""
    first, _ = settings.asterisk.rtp_ports

    with taken(UDP, first), taken(UDP, first + 4):
        require_free(installation, settings)


def test_service_goes_on(installation: Installation, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads its line at night, and phones ring without FastAGI: it does what it can."""
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere")

    with taken(TCP, installation.ports.agi):
        require_free(installation, settings)


def test_asterisk_that_was_left_running(installation: Installation, settings: Settings) -> None:
    """Whoever takes over its calls is not held up, by its ports or by those of parts that are ending."""
    with left_asterisk(installation), taken(TCP, installation.ports.agi):
        require_free(installation, settings)


def test_port_of_a_part_that_is_ending(
    installation: Installation, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an `up` that was killed leaves behind is waited for."""
    looks = []
    with taken(TCP, installation.ports.agi) as part:

        def end(_pause_s: float) -> None:
            looks.append("taken")
            part.close()

        monkeypatch.setattr(ports, "sleep", end)
        require_free(installation, settings)

    assert ["taken"] == looks
