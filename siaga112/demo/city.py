"""Writes the configuration of a demo city: the built-in one, with secrets and ports of its own."""

import shutil
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from siaga112.paths import StatePaths
from siaga112.settings.built_in import demo_city_text
from siaga112.supervisor.lock import sole_owner

KEPT = "prompts"
"""What a new throw-away city takes over from the last one: it is made from texts, and takes the longest to make."""

RTP_PORTS = 40
STATE = "state"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a city listens."""

    sip: int
    ami: int
    agi: int
    rtp: int
    web: int


def free_ports() -> Ports:
    """Ports that nobody has now. Somebody may take one before we do; then `up` says so."""
    with ExitStack() as held:
        sip = _free(socket.SOCK_DGRAM, held)
        ami, agi, web = (_free(socket.SOCK_STREAM, held) for _ in range(3))
        rtp = next(base for base in range(20_000, 60_000, RTP_PORTS) if _all_free(base))
    return Ports(sip, ami, agi, rtp, web)


def write_city(path: Path, ports: Ports | None = None) -> None:
    """Write the demo city's configuration to ``path``; without ``ports`` it takes the usual ones."""
    text = demo_city_text()
    # Without agencies of its own it gets the nine categories and their agencies.
    text = text[: text.index("[[agencies]]")]
    places = files("siaga112.settings") / "demo_places.txt"
    text = text.replace("[site]\n", f"[site]\nstate_dir = \"{STATE}\"\nplaces = '{places}'\n", 1)
    if ports is not None:
        text += (
            f"\n[asterisk]\nsip_port = {ports.sip}\nami_port = {ports.ami}\nagi_port = {ports.agi}\n"
            f"rtp_ports = [{ports.rtp}, {ports.rtp + RTP_PORTS - 1}]\n\n[web]\nport = {ports.web}\n"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


def throw_away_city(folder: Path) -> Path:
    """Make a city in ``folder`` in the place of the one that was there; returns its configuration file.

    What is left of one that was killed is ended: nobody would find it again. Raises AlreadyRunningError, and touches
    nothing, while that one runs.
    """
    from siaga112.supervisor.left_behind import end_left  # noqa: PLC0415 - every command loads this file, for a name

    state = folder / STATE
    paths = StatePaths(state.absolute())
    config = folder / "siaga112.toml"
    with sole_owner(paths.make_run()):
        end_left(paths)
        for entry in state.iterdir():
            if entry.name != KEPT:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        config.unlink(missing_ok=True)
        write_city(config, free_ports())
    return config


def _free(kind: socket.SocketKind, held: ExitStack) -> int:
    probe = held.enter_context(socket.socket(socket.AF_INET, kind))
    probe.bind(("127.0.0.1", 0))
    port: int = probe.getsockname()[1]
    return port


def _all_free(base: int) -> bool:
    try:
        with ExitStack() as held:
            for port in range(base, base + RTP_PORTS):
                held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
