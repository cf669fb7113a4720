"""The simulated modem as a device and as a program: its link, its control socket, its manners on a pty."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import serial

from hardware.modem.pdu import encode_deliver, encode_submit
from hardware.modem.simulator import (
    SimulatedModem,
    SimulatorError,
    clear_faults,
    inject,
    inject_pdu,
    order_fault,
    sent,
    status,
)
from hardware.modem.simulator.control import control_path
from tests.support.modem_rig import connected

SENT_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def converse(port: serial.Serial, command: bytes) -> bytes:
    """Send a command and read up to its final result."""
    port.write(command + b"\r")
    return bytes(port.read_until(b"OK\r\n"))


def test_any_terminal_program_can_use_it(tmp_path: Path) -> None:
    """A plain serial program opens, closes and opens it again, and reads what it is told."""
    with SimulatedModem(tmp_path / "modem"):
        for _ in range(3):
            with serial.Serial(str(tmp_path / "modem"), 115200, timeout=5) as port:
                converse(port, b"ATE1")
                assert converse(port, b"ATE0") == b"ATE0\r\r\nOK\r\n"
                assert converse(port, b"AT+CSQ;+CREG?") == b"\r\n+CSQ: 20,99\r\n+CREG: 0,1\r\n\r\nOK\r\n"


def test_commands_take_their_time(tmp_path: Path) -> None:
    """With a delay the answer comes that much later, the echo at once."""
    with SimulatedModem(tmp_path / "modem", delay_s=0.3), serial.Serial(str(tmp_path / "modem"), timeout=5) as port:
        port.write(b"AT\r")
        started = time.monotonic()
        assert port.read(3) == b"AT\r"
        assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"
        assert time.monotonic() - started >= 0.3


def test_another_process_injects_and_asks(tmp_path: Path) -> None:
    """Through the control socket a message arrives, a raw PDU arrives, and sent ones are told."""
    link = tmp_path / "modem"
    with SimulatedModem(link), connected(str(link)) as modem:
        inject(link, "+628123456789", "dari luar")
        inject_pdu(link, "0791ZZ")
        (reply,) = encode_submit("+628123456789", "balas")
        modem.send(reply.hex, reply.tpdu_length)

        assert len(modem.list_stored()) == 2
        assert [("+628123456789", "balas")] == [(one.number, one.text) for one in sent(link)]


def test_another_process_orders_faults_and_counts(tmp_path: Path) -> None:
    """Faults come and go while the modem runs; a fault that is none is one line."""
    link = tmp_path / "modem"
    with SimulatedModem(link):
        order_fault(link, "memory-full")
        with pytest.raises(SimulatorError, match="is no fault"):
            order_fault(link, "meltdown")
        assert status(link).stored == 405
        clear_faults(link)
        assert status(link).stored == 0
        before = status(link).commands
        with serial.Serial(str(link), timeout=5) as port:
            converse(port, b"AT")
        assert before + 1 == status(link).commands


def test_stick_with_three_ports(tmp_path: Path) -> None:
    """The first and the third speak AT, to the same messages; the second takes everything and says nothing."""
    with SimulatedModem(tmp_path / "m", ports=3) as simulated:
        simulated.receive("+628123456789", "satu")
        ports = [serial.Serial(str(tmp_path / name), timeout=0.3) for name in ("m", "m.1", "m.2")]
        try:
            answers = [converse(port, b"ATE0;+CPMS?") for port in ports]
        finally:
            for port in ports:
                port.close()
        used = b'+CPMS: "ME",1,255,"ME",1,255,"ME",1,255'
        assert [True, False, True] == [used in answer for answer in answers]
        assert b"" == answers[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "text"), [("not a number, far too long a name", "x"), ("+628", "x" * 60000)])
def test_what_cannot_be_encoded_is_told(tmp_path: Path, number: str, text: str) -> None:
    """A wrong sender or a text of too many parts is one line for the injecting process."""
    link = tmp_path / "modem"
    with SimulatedModem(link), pytest.raises(SimulatorError):
        inject(link, number, text)


def test_no_simulator_is_one_clear_line(tmp_path: Path) -> None:
    """Injecting where nothing runs names the link and the remedy."""
    with pytest.raises(SimulatorError, match=r"no simulated modem answers.*start one"):
        inject(tmp_path / "modem", "+628123456789", "x")


def test_link_too_long_for_a_socket_works_all_the_same(tmp_path: Path) -> None:
    """The control socket is found through a symbolic link where its path would be too long."""
    folder = tmp_path / ("d" * 100)
    link = folder / "modem"
    with SimulatedModem(link) as simulated:
        assert len(str(control_path(link))) > 107
        inject(link, "+628123456789", "dari jauh")
        assert simulated.sent == ()
    assert list(folder.iterdir()) == []


def test_links_are_taken_and_given_back(tmp_path: Path) -> None:
    """A dead link is replaced, a file is not, a living simulator keeps its own; nothing stays behind."""
    link = tmp_path / "modem"
    link.symlink_to("/dev/pts/gone")
    with SimulatedModem(link), pytest.raises(SimulatorError, match="another simulated modem"):
        SimulatedModem(link).start()
    assert list(tmp_path.iterdir()) == []
    link.write_text("mine")
    with pytest.raises(SimulatorError, match="no symbolic link"):
        SimulatedModem(link).start()
    assert link.read_text() == "mine"


def test_who_only_looks_is_no_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second one that finds the place taken leaves no traceback with the first."""
    link = tmp_path / "modem"
    with SimulatedModem(link):
        for _ in range(20):
            with pytest.raises(SimulatorError, match="another simulated modem"):
                SimulatedModem(link).start()
        status(link)  # served after all of them

    assert "" == capsys.readouterr().err


def test_what_finds_no_room_waits_in_the_network(tmp_path: Path) -> None:
    """More messages than the memory holds arrive as room is made, in order, none lost."""
    with SimulatedModem(tmp_path / "modem") as simulated, connected(str(tmp_path / "modem")) as modem:
        pdus = [encode_deliver("+628123456789", f"pesan {n}", SENT_AT)[0].hex for n in range(300)]
        for pdu in pdus:
            simulated.receive_pdu(pdu)
        seen = []
        while stored := modem.list_stored():
            for one in stored:
                seen.append(one.pdu_hex)
                modem.delete(one.memory, one.index)
    assert sorted(pdus) == sorted(seen)


def test_program_runs_until_it_is_told(tmp_path: Path) -> None:
    """`modems simulate` says when it is ready, is what it was told to be, ends by SIGTERM and takes its links away."""
    link = tmp_path / "modem"
    options = ("--personality", "huawei", "--ports", "2", "--fault", "cms-error-500")
    with subprocess.Popen(
        [sys.executable, "-m", "siaga112", "modems", "simulate", str(link), *options], stderr=subprocess.PIPE
    ) as program:
        assert program.stderr is not None
        assert select.select([program.stderr], [], [], 30)[0]
        assert b"part.ready" in program.stderr.readline()
        inject(link, "+628123456789", "ke proses lain")
        with serial.Serial(str(link), timeout=5) as port:
            assert b"huawei" in converse(port, b"ATE0;+CGMI")
        assert (tmp_path / "modem.1").is_symlink()
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--personality", "nokia"), "'generic', 'huawei', 'zte', 'quectel', 'simcom', 'telit', 'wavecom'"),
        (("--fault", "meltdown"), "noise, delay[=N], unplug[=N], memory-full, cms-error-N, lost-notification"),
        (("--ports", "9"), "whole number from 1 to 8"),
    ],
)
def test_wrong_use_is_answered_with_what_there_is(options: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    """An unknown name is exit status 2 and the list of those that are known; nothing is started."""
    argv = [sys.executable, "-m", "siaga112", "modems", "simulate", str(tmp_path / "m"), *options]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)
    assert (2, True) == (done.returncode, expected in done.stderr)
    assert list(tmp_path.iterdir()) == []
