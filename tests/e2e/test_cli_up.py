"""What `up` says when it cannot run: a line for each mistake, and nothing is started."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from redis_queue.server import ping
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


@pytest.fixture
def forgetful_redis(tmp_path: Path) -> Iterator[str]:
    """A Redis as Debian sets it up: it keeps nothing over a restart."""
    socket = tmp_path / "forgetful.sock"
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not ping(socket):
            assert process.poll() is None
        yield f"unix://{socket}"
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("part", [("up",), ("modems", "serve")])
def test_forgetful_redis_is_refused(part: tuple[str, ...], forgetful_redis: str, tmp_path: Path) -> None:
    """A message would be deleted from the modem and then lost: one line says what to set, and nothing runs."""
    (tmp_path / "siaga112.toml").write_text(
        f'[site]\nstate_dir = "state"\n[redis]\nurl = "{forgetful_redis}"\n[[modems]]\nname = "m"\nport = "simulator"\n'
    )
    command = [sys.executable, "-m", "siaga112", *part]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    assert (1, "") == (done.returncode, done.stdout)
    assert ["appendonly yes" in line for line in done.stderr.splitlines()] == [True]
