"""`init`: a configuration to start from, which works as it is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from siaga112.cli.root import cli
from siaga112.settings import Settings, doubts, load


def init(file: Path) -> Settings:
    """What it writes, read back."""
    result = CliRunner().invoke(cli, ["init", str(file)], catch_exceptions=False)

    assert (0, f"wrote {file}\n") == (result.exit_code, result.output)
    return load(file, {})


def test_what_it_writes_works_at_once(tmp_path: Path) -> None:
    """No mistake, and somebody whom a call can reach; the one doubt is its trunk, which is to be replaced."""
    settings = init(tmp_path / "etc" / "siaga112.toml")

    assert settings.reaches_a_human
    assert ["asterisk.bind"] == [doubt.key for doubt in doubts(settings)]


def test_its_secrets_are_nobody_elses(tmp_path: Path) -> None:
    """Two files have different secrets, and only their owner reads them."""
    one, other = (init(tmp_path / name) for name in ("a.toml", "b.toml"))

    assert one.operators[0].secret != other.operators[0].secret
    assert {0o600} == {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}


@pytest.mark.parametrize("options", [(), ("--demo-city",)])
def test_a_file_that_is_there_stays(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Nothing is overwritten."""
    file = tmp_path / "siaga112.toml"
    file.write_text("mine")

    result = CliRunner().invoke(cli, ["init", *options, str(file)])

    assert (1, "mine") == (result.exit_code, file.read_text())
    assert f"Error: {file} is there already; it stays as it is\n" == result.stderr
