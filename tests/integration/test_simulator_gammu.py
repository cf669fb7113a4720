"""Gammu, which knows hundreds of real modems, takes ours for one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.modem.simulator import SimulatedModem

Gammu = Callable[..., str]


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedModem]:
    """A modem for gammu to open."""
    with SimulatedModem(tmp_path / "modem") as modem:
        yield modem


@pytest.fixture
def gammu(tmp_path: Path, simulated: SimulatedModem) -> Gammu:
    """Run gammu on it, give what it prints."""
    configuration = tmp_path / "gammurc"
    configuration.write_text(f"[gammu]\ndevice = {tmp_path / 'modem'}\nconnection = at115200\n")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["gammu", "-c", str(configuration), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_gammu_identifies_the_modem(gammu: Gammu) -> None:
    """Manufacturer, model, IMEI and IMSI are read."""
    seen = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in gammu("identify").splitlines())
    }

    expected = {
        "Manufacturer": "Siaga",
        "Model": "unknown (Generic GSM)",
        "Firmware": "1.0",
        "IMEI": "356938035643809",
        "SIM IMSI": "510101234567890",
    }
    assert expected == {key: seen.get(key) for key in expected}


def test_gammu_reads_what_arrived(gammu: Gammu, simulated: SimulatedModem) -> None:
    """Plain text, emoji and a long text in parts are decoded by another implementation."""
    simulated.receive("+628123456789", "Kebakaran di pasar 🚒")
    simulated.receive("Telkomsel", "x" * 200)

    printed = gammu("getallsms")
    assert "Kebakaran di pasar 🚒" in printed
    assert 'Remote number        : "+628123456789"' in printed
    assert 'Remote number        : "Telkomsel"' in printed
    assert "3 SMS parts in 3 SMS sequences" in printed


def test_gammu_sends_through_it_and_deletes(gammu: Gammu, simulated: SimulatedModem) -> None:
    """Its PDU is decoded by ours, it sees the reference, and the place in the inbox is free again."""
    simulated.receive("+628123456789", "hapus saya")
    assert "OK, message reference=1" in gammu("sendsms", "TEXT", "+628123456789", "-text", "Halo dunia")
    gammu("deleteallsms", "3")

    assert [("+628123456789", "Halo dunia", 1)] == [(one.number, one.text, one.reference) for one in simulated.sent]
    assert "0 SMS parts" in gammu("getallsms")
