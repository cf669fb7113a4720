"""Commands on a city that was never started, or does not run: one line says what to start, and nothing is made."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from redis_queue.operators import OperatorProfile
from siaga112.app import App
from siaga112.cli.root import cli
from siaga112.settings import load
from tests.support.redis_server import RedisServer

CITY = """
[site]
state_dir = "state"

[[operators]]
extension = "1001"
secret = "a-long-one-of-its-own"

[[modems]]
name = "telkomsel-1"
port = "/dev/ttyUSB0"
"""
READING = [
    ("tickets", "list"),
    ("tickets", "list", "--json"),
    ("tickets", "show", "BWI-2026-000001"),
    ("calls", "list"),
    ("messages", "list"),
    ("messages", "dead"),
    ("messages", "retry", "1"),
    ("messages", "send", "08123450099", "Di mana?"),
]
ASKING = [
    ("operators", "list"),
    ("operators", "list", "--json"),
    ("operators", "login", "1001"),
    ("operators", "pause", "1001"),
    ("modems", "list"),
    ("modems", "show", "telkomsel-1"),
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A city that was never started."""
    file = tmp_path / "siaga112.toml"
    file.write_text(CITY)
    return file


def run(config: Path, *argv: str) -> Result:
    """What the command does; a traceback fails the test."""
    return CliRunner().invoke(cli, ["--config", str(config), *argv], catch_exceptions=False)


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("folder", [True, False], ids=["empty", "no folder"])
def test_no_database_yet(config: Path, command: tuple[str, ...], folder: bool) -> None:
    """Looking names what makes a database, and makes none itself."""
    if folder:
        (config.parent / "state").mkdir()
    before = sorted(config.parent.rglob("*"))

    result = run(config, *command)

    assert (1, "", 1) == (result.exit_code, result.stdout, len(result.stderr.splitlines()))
    assert f"there is no database at {config.parent / 'state' / 'siaga112.db'} yet" in result.stderr
    assert "`siaga112 db upgrade`" in result.stderr
    assert before == sorted(config.parent.rglob("*"))


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_database_without_tables(config: Path, command: tuple[str, ...]) -> None:
    """An empty file is no database yet either."""
    (config.parent / "state").mkdir()
    (config.parent / "state" / "siaga112.db").touch()

    result = run(config, *command)

    assert (1, "", 1) == (result.exit_code, result.stdout, len(result.stderr.splitlines()))
    assert "`siaga112 db upgrade`" in result.stderr


def test_an_upgrade_is_all_it_takes(config: Path) -> None:
    """After `db upgrade` a listing is empty."""
    assert 0 == run(config, "db", "upgrade").exit_code
    assert (0, "[]\n") == (
        run(config, "tickets", "list", "--json").exit_code,
        run(config, "calls", "list", "--json").stdout,
    )


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_city_down(config: Path, command: tuple[str, ...]) -> None:
    """What only a running city knows is not asked of Redis' error messages."""
    result = run(config, *command)

    assert (1, "") == (result.exit_code, result.stdout)
    assert [f"Error: the city in {config.parent / 'state'} is not running: start it with `siaga112 up`"] == (
        result.stderr.splitlines()
    )


def test_redis_of_others_down(config: Path) -> None:
    """A Redis that `up` does not start is named by what it says."""
    config.write_text(f'{CITY}\n[redis]\nurl = "unix://{config.parent}/none.sock"\n')

    result = run(config, "operators", "list")

    assert (1, 1) == (result.exit_code, len(result.stderr.splitlines()))
    assert "none.sock" in result.stderr


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("login", "1001 is on duty: offline"),
        ("logout", "1001 goes off duty: offline"),
        ("pause", "1001 takes no calls for now: offline"),
        ("resume", "1001 takes calls again: offline"),
    ],
)
def test_a_wish_says_what_came_of_it(config: Path, redis_server: RedisServer, wish: str, said: str) -> None:
    """Each change of an operator is answered with a line, and the state that it led to."""
    config.write_text(f'{CITY}\n[redis]\nurl = "{redis_server.url}"\n')
    App(load(config, {})).pool.set_roster([OperatorProfile("1001", "Ani")])

    result = run(config, "operators", wish, "1001")

    assert 0 == result.exit_code
    assert [True] == [line.startswith(said) for line in result.stdout.splitlines()], result.stdout


@pytest.mark.parametrize("command", ["up", "worker"])
def test_database_address_that_cannot_be_right(config: Path, command: str) -> None:
    """What only the database's own library finds wrong in it stops the program too, once and before anything starts."""
    config.write_text(f'{CITY}\n[store]\nurl = "postgresql://siaga:rahasia@db/siaga112?sslmod=require"\n')
    argv = [sys.executable, "-m", "siaga112", "--config", str(config), command]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)

    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "store url: " in done.stderr
    assert "rahasia" not in done.stderr
    assert not (config.parent / "state" / "run").exists()


@pytest.mark.parametrize("command", [("worker",), ("db", "upgrade")], ids=" ".join)
def test_state_dir_that_cannot_be_made(config: Path, command: tuple[str, ...]) -> None:
    """The path, what is wrong with it, and where another is named."""
    config.write_text(f'[site]\nstate_dir = "{config}/state"\n')
    said = run(config, *command)

    assert (
        1,
        f"Error: {config}/state: not a directory; name another place ([site] state_dir is where all is kept)",
    ) == (
        said.exit_code,
        said.stderr.strip(),
    )


def test_empty_configuration_is_said(config: Path) -> None:
    """Nobody takes the default city for the own one; a file with one key is somebody's own."""
    config.write_text("# nothing but a comment\n")
    empty = run(config, "tickets", "list").stderr.splitlines()
    config.write_text('[site]\nname = "Kota"\n')
    own = run(config, "tickets", "list").stderr.splitlines()

    assert f"{config}: it says nothing, so this is Kabupaten Banyuwangi" in empty[0]
    assert (2, 1) == (len(empty), len(own))
