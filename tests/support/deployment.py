"""What is in deploy/: its scripts, and unit files as systemd reads them."""

import runpy
from pathlib import Path
from typing import Any

DEPLOY = Path(__file__).parents[2] / "deploy"
SYSTEMD = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))


def script(name: str) -> dict[str, Any]:
    """What a Python script of deploy/ defines."""
    return runpy.run_path(str(DEPLOY / name))


def unit_files(name: str) -> list[Path]:
    """A unit and its drop-ins, in the order in which systemd reads them (systemd.unit(5))."""
    folder = f"{name}.d" if "-" not in name else "siaga112-.service.d"
    return [SYSTEMD / name, *sorted((SYSTEMD / folder).glob("*.conf"))]


def unit(name: str) -> dict[str, list[str]]:
    """The values of each key of a unit, in order."""
    read = script("exercise_units.py")["values"]
    values: dict[str, list[str]] = read(*(path.read_text() for path in unit_files(name)))
    return values
