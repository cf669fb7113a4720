"""`siaga112 demo`: the main job on real parts, as everybody sees it first."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run the program in a folder that has no configuration."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIAGA112")}
    return subprocess.run(
        [sys.executable, "-m", "siaga112", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )


def command_lines() -> Iterator[tuple[str, bytes]]:
    """Every process of this machine."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            yield entry.name, (entry / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended


def test_demo(tmp_path: Path) -> None:
    """A call and an SMS become tickets, status 0; afterwards the listings show both, and nothing of it runs."""
    told = run(tmp_path, "demo")
    listed = run(tmp_path, "tickets", "list", "--json")

    assert (0, "") == (told.returncode, told.stderr)
    assert "All of it happened" in told.stdout
    assert {("call", "kebakaran"), ("sms", "kebakaran")} == {
        (ticket["channel"], ticket["category"]) for ticket in json.loads(listed.stdout)
    }
    assert [] == [pid for pid, words in command_lines() if os.fsencode(tmp_path) in words]
