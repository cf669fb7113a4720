"""`scripts/setup`: what it takes for an Asterisk, and what it keeps from starting at boot."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def in_setup(*lines: str) -> "subprocess.CompletedProcess[str]":
    """Run lines of bash among the script's functions."""
    program = "\n".join(["source scripts/setup", *lines])
    return subprocess.run(["bash", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("Asterisk 22.10.1~dfsg+~cs6.15.60671435-1", True),
        ("Asterisk 20.1.0", True),
        ("Asterisk certified-20.7-cert1", True),
        ("Asterisk certified/22.1-cert2", True),
        ("Asterisk 18.19.0", False),
        ("Asterisk 23.0.0", False),
        ("Asterisk 2.0", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("where", ["asterisk_on_path", "brought_asterisk"])
def test_which_asterisk(said: str, accepted: bool, where: str) -> None:
    """Series 20 and 22 are taken, on PATH or brought by an earlier run; any other is no Asterisk for us."""
    done = in_setup(
        f"fake() {{ echo '{said}'; }}",
        "command() { echo fake; }",
        "compgen() { echo fake; }",
        where,
    )

    assert accepted == (done.returncode == 0), done.stderr


def test_no_service_at_boot() -> None:
    """A service that came with a package installed just now is disabled; one that was there before stays as it is."""
    done = in_setup("packages=(sox redis-server smstools)", 'root() { echo "$@" >&2; }', "keep_off_boot root")

    assert 0 == done.returncode
    assert ["update-rc.d redis-server disable", "update-rc.d smstools disable"] == done.stderr.splitlines()


def test_sourced_it_does_nothing() -> None:
    """Its functions can be tried without a run of it."""
    assert (0, "", "") == (in_setup().returncode, in_setup().stdout, in_setup().stderr)
