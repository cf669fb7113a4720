"""What `up` says when it cannot run: a line for each mistake, and nothing is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from siaga112.cli import main

MISTAKES = """
[site]
state_dir = "state"
timezone = "Asia/Banyuwangi"
colour = "red"

[asterisk]
sip_port = 70000

[[operators]]
extension = "1001"

[[agencies]]
code = "damkar"

[[categories]]
code = "kebakaran"
digit = 1
agencies = ["pemadam"]

[[categories]]
code = "medis"
digit = 1
agencies = ["damkar"]
"""


def up(folder: Path, *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `siaga112 up` in a folder until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "siaga112", *options, "up"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_each_mistake_has_its_line(tmp_path: Path) -> None:
    """Five mistakes of five kinds are five lines at once, each with its place; status 2, and nothing was begun."""
    (tmp_path / "siaga112.toml").write_text(MISTAKES)

    done = up(tmp_path)

    lines = done.stderr.splitlines()
    assert (2, "") == (done.returncode, done.stdout)
    assert 5 == len(lines), done.stderr
    for place in ("site.timezone", "site.colour", "asterisk.sip_port", "agencies", "digit"):
        assert 1 == sum(place in line for line in lines), (place, lines)
    assert ["siaga112.toml"] == [entry.name for entry in tmp_path.iterdir()]


def test_mistake_in_the_environment(tmp_path: Path) -> None:
    """A variable that is no key is a mistake like any other."""
    (tmp_path / "siaga112.toml").write_text("")

    done = up(tmp_path, SIAGA112__SITE__CULOR="red")

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert "SIAGA112__SITE__CULOR" in done.stderr


def test_no_configuration(tmp_path: Path) -> None:
    """A path that leads nowhere puts no demo city on an emergency line."""
    done = up(tmp_path, "--config", "nowhere.toml")

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert "nowhere.toml" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_no_configuration_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any file `up` says in one line what to do."""
    # A machine that runs the program has a file in /etc, which no test may start.
    monkeypatch.setattr("siaga112.cli.common.find_config", lambda *_: None)
    monkeypatch.setattr("sys.argv", ["siaga112", "up"])
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr()
    assert (2, "") == (ended.value.code, said.out)
    assert 1 == len(said.err.splitlines()), said.err
    assert "--config" in said.err
