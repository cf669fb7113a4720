"""The modems: a port that is there, that we may open, and that nobody else holds."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged
from siaga112.settings import Modem

_PROC = Path("/proc")


def modems(where: Surroundings) -> Iterator[Verdict]:
    """Whether each port can be used."""
    if not where.settings.modems:
        return
    faults = [found for modem in where.settings.modems if (found := _port(modem))]
    faults += _modem_manager(where)
    yield from judged("modem_ports", faults)


def _port(modem: Modem) -> Verdict | None:
    if modem.port == "simulator" or modem.port.startswith("socket://"):
        return None
    path = Path(modem.port)
    if not path.exists():
        mend = "plug the modem in, or name its port: ls /dev/serial/by-id"
        return fault("modem_ports", f"{modem.name}: {path} is not there", mend)
    if not stat.S_ISCHR(path.stat().st_mode):
        return fault("modem_ports", f"{modem.name}: {path} is no serial port", "name its port: ls /dev/serial/by-id")
    if not os.access(path, os.R_OK | os.W_OK):
        return fault("modem_ports", f"{modem.name}: {path} may not be opened", "put the user into the group dialout")
    return None


def _modem_manager(where: Surroundings) -> list[Verdict]:
    """ModemManager opens every modem that it finds, in the middle of our commands."""
    serial = any(modem.port.startswith("/dev/") for modem in where.settings.modems)
    if not serial or not any(_command(process) == "ModemManager" for process in _PROC.glob("[0-9]*")):
        return []
    return [fault("modem_ports", "ModemManager runs and takes the ports", "systemctl disable --now ModemManager")]


def _command(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""  # it has ended meanwhile
