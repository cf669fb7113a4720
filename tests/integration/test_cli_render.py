"""`asterisk render`: its own files, whole and private, and nobody else's."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siaga112.cli.root import cli

CITY = """
[site]
state_dir = "state"

[[trunks]]
name = "carrier"
host = "127.0.0.2"

[[operators]]
extension = "1001"
secret = "a-long-one-of-its-own"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A city that was never started."""
    file = tmp_path / "siaga112.toml"
    file.write_text(CITY)
    return file


def render(config: Path) -> Result:
    """Run it into the folder `out` beside the configuration."""
    return CliRunner().invoke(cli, ["--config", str(config), "asterisk", "render", str(config.parent / "out")])


def test_again(config: Path) -> None:
    """What it wrote it writes again, and nothing but that: every file says whose it is, and no state is begun."""
    assert [0, 0] == [render(config).exit_code, render(config).exit_code]
    assert ["out", "siaga112.toml"] == sorted(path.name for path in config.parent.iterdir())
    written = [path for path in (config.parent / "out").rglob("*") if path.is_file()]
    assert [] == [path for path in written if not path.read_text().startswith("; Written by siaga112")]
    assert {0o600} == {path.stat().st_mode & 0o777 for path in written}


@pytest.mark.parametrize("name", ["extensions.conf", "pjsip.d/trunk-carrier.conf", "pjsip.d/trunk-of-mine.conf"])
def test_a_file_of_somebody_else(config: Path, name: str) -> None:
    """One that is there and not ours is named; it stays, and nothing is written beside it."""
    theirs = config.parent / "out" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[general]\n")

    result = render(config)

    assert (1, "") == (result.exit_code, result.stdout)
    assert [True] == [str(theirs) in line for line in result.stderr.splitlines()]
    assert {theirs: "[general]\n"} == {
        path: path.read_text() for path in (config.parent / "out").rglob("*") if path.is_file()
    }


def test_who_we_are_for_an_asterisk_that_is_not_ours(config: Path) -> None:
    """Its manager.conf lets in whom the configuration names."""
    config.write_text(f'{CITY}\n[asterisk]\nmanaged = false\nami_user = "we"\nami_secret = "our-own-secret"\n')
    render(config)

    manager = (config.parent / "out" / "manager.conf").read_text()
    assert "[we]" in manager
    assert "our-own-secret" in manager
