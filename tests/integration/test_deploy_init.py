"""`siaga112 init` on a real terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from siaga112.settings import load

QUESTIONS = ("Name of the city", "Code", "SIP trunk", "How many", "GSM modem")
ANSWERS = ("Kota Baru", "KB", "none", "1", "simulator")


def read_until(terminal: int, text: str) -> str:
    """What the program shows, until a question is there."""
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 4096).decode()
    return shown


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    """One question after the other, and the file has the answers and is for its owner alone."""
    file = tmp_path / "siaga112.toml"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "siaga112", "init", str(file)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path) as process:
        os.close(theirs)
        for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
            read_until(ours, f"{question}")
            os.write(ours, f"{answer}\n".encode())
        read_until(ours, f"wrote {file}")
        assert 0 == process.wait(60)
    os.close(ours)

    site = load(file, {}).site
    assert ("Kota Baru", "KB", 0o600) == (site.name, site.code, file.stat().st_mode & 0o777)


def test_without_a_terminal_it_asks_nothing(tmp_path: Path) -> None:
    """A script gets a file and no question, as with --no-input."""
    file = tmp_path / "siaga112.toml"
    command = [sys.executable, "-m", "siaga112", "init", str(file)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60)

    assert (f"wrote {file}\n", "") == (done.stdout, done.stderr)
