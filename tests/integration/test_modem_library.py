"""What is done about python-gsmmodem-new: imported where warnings are errors, and kept from logging secrets."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.modem.pdu import encode_submit
from hardware.modem.pin_memory import SimPin
from hardware.modem.simulator import SimulatedModem
from tests.support.modem_rig import connected


def test_driver_imports_where_warnings_are_errors(tmp_path: Path) -> None:
    """With no compiled file of the library at hand, its syntax warnings do not stop the program."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import hardware.modem.driver"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_neither_pin_nor_numbers_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Connecting, sending and a look at the health at the finest log level show no PIN, number or PDU."""
    caplog.set_level(logging.DEBUG)
    (reply,) = encode_submit("+628123456789", "rahasia")
    with (
        SimulatedModem(tmp_path / "modem", pin="4711") as simulated,
        connected(str(tmp_path / "modem"), pin=SimPin("4711", tmp_path / "pins")) as modem,
    ):
        modem.send(reply.hex, reply.tpdu_length)
        modem.health()
        assert len(simulated.sent) == 1
    captured = capfd.readouterr()
    printed = caplog.text + captured.out + captured.err

    assert [] == [secret for secret in ("4711", "628123456789", "6281100000", reply.hex) if secret in printed]
