"""`modems scan` on four sticks of three ports each tells which is which, and what to write for each."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardware.modem.port import Port
from hardware.modem.scanning import scan
from hardware.modem.simulator import Fault, SimulatedModem
from hardware.modem.simulator.imei import DEFAULT_IMEI, imei_of
from siaga112.cli.root import cli

STICKS = ("sound", "locked", "empty", "dead")


@pytest.fixture
def sticks(tmp_path: Path) -> Iterator[list[str]]:
    """Their ports: a sound one, one locked by a PIN, one without a SIM, one that says nothing."""
    settings: dict[str, dict[str, object]] = {
        "sound": {"number": "+628119990001"},
        "locked": {"pin": "1234"},
        "empty": {"sim": False},
        "dead": {"faults": [Fault.parse("silent=600")]},
    }
    with ExitStack() as running:
        for name in STICKS:
            modem = SimulatedModem(tmp_path / name, ports=3, imei=imei_of(name), **settings[name])  # type: ignore[arg-type]
            running.enter_context(modem)
        yield [str(tmp_path / f"{name}{end}") for name in STICKS for end in ("", ".1", ".2")]


def test_each_stick_is_told(sticks: list[str]) -> None:
    """State, and the ports that speak AT; the diagnostic port of a stick belongs to it."""
    found = scan(sticks)

    by_stick = [(port.stick, port.state.value if port.speaks_at else None) for port in found]
    assert [
        *((1, "up"), (1, None), (1, "up")),
        *((2, "pin"), (2, None), (2, "pin")),
        *((3, "no_sim"), (3, None), (3, "no_sim")),
        *((None, None), (None, None), (None, None)),
    ] == by_stick
    sound, dead = found[0], found[-1]
    assert "nothing answers AT here" == dead.reason
    assert ("510101234567890", "+628119990001", "SIAGA SIM", -73) == (
        sound.imsi,
        sound.number,
        sound.operator,
        sound.signal_dbm,
    )


def test_configuration_to_paste(sticks: list[str]) -> None:
    """Each stick that answers becomes a modem, at one port, with a name of its own."""
    shown = CliRunner().invoke(cli, ["modems", "scan", *sticks[0:9:3]])

    modems = tomllib.loads(shown.output[shown.output.index("[[modems]]") :])["modems"]
    assert [sticks[0], sticks[3], sticks[6]] == [modem["port"] for modem in modems]
    assert 3 == len({modem["name"] for modem in modems})
    assert "" == modems[1]["pin"]
    heading, *lines = shown.output.splitlines()[:4]
    assert ["yes"] * 3 == [line[heading.index("answers AT") :].split()[0] for line in lines]


def test_json(sticks: list[str]) -> None:
    """An object for each port."""
    shown = CliRunner().invoke(cli, ["modems", "scan", "--json", sticks[0], sticks[6]])

    rows = json.loads(shown.stdout)
    assert [sticks[0], sticks[6]] == [row["port"] for row in rows]
    assert [("up", ""), ("no_sim", "no SIM in the modem")] == [(row["state"], row["reason"]) for row in rows]


def test_port_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is said, and no more."""
    (found,) = scan([str(tmp_path / "none")])

    assert not found.speaks_at
    assert "cannot be opened" in found.reason


def test_port_that_the_city_uses(tmp_path: Path) -> None:
    """The city's own modem is no dead one: whoever scans is told where its state is."""
    with SimulatedModem(tmp_path / "m"), closing(Port(str(tmp_path / "m"), 115_200)):
        (found,) = scan([str(tmp_path / "m")])

    assert not found.speaks_at
    assert "siaga112 modems list" in found.reason


def test_looking_gives_no_pin_away(tmp_path: Path) -> None:
    """A scan leaves a locked card with all its tries."""
    with SimulatedModem(tmp_path / "m", pin="1234") as modem:
        scan([str(tmp_path / "m")])

        assert 3 == modem.pin_tries


def test_imei_of_a_simulated_stick() -> None:
    """15 digits of which the last checks the others, another for another stick."""
    assert 4 == len({imei_of(name) for name in ("a", "b", "c", "d")})
    assert all(_luhn(imei_of(name)) == 0 for name in ("a", "b", "c", "d"))
    assert 0 == _luhn(DEFAULT_IMEI)


def _luhn(digits: str) -> int:
    values = [int(digit) * (1 + place % 2) for place, digit in enumerate(digits)]
    return sum(value // 10 + value % 10 for value in values) % 10
