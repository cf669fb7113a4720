"""Paths that cannot be meant: a line says what would be right, and nothing is read or written."""

import pytest
from click.testing import CliRunner

from siaga112.cli.root import cli

LINK = "ends in no name; right would be the path of a file"
FILE = "it is empty; right would be the path of a file"
FOLDER = "it is empty; right would be the path of a folder"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--config", "", "tickets", "list"), f"{FILE}, or no --config"),
        (("modems", "inject", "", "--from", "08123", "--text", "banjir"), FILE),
        (("modems", "simulate", ""), FILE),
        (("modems", "simulate", "/"), LINK),
        (("modems", "fault", ""), FILE),
        (("modems", "fault", ".", "silent"), LINK),
        (("modems", "scan", ""), f"{FILE}, or none for all serial ports"),
        (("asterisk", "render", ""), FOLDER),
        (("init", ""), FILE),
        (("init", "--state-dir", ""), FOLDER),
        (("db", "backup", ""), FILE),
        (("db", "restore", ""), FILE),
        (("prompts", "import", "", "welcome"), FILE),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_path_that_cannot_be_meant(argv: tuple[str, ...], said: str) -> None:
    """An empty one comes from a script's empty variable; one without a name leaves no room beside it."""
    result = CliRunner().invoke(cli, argv, catch_exceptions=False)

    assert 2 == result.exit_code
    assert result.stderr.splitlines()[-1].endswith(said)


@pytest.mark.parametrize("command", ["inject", "fault"])
def test_help_says_where_a_simulated_modem_is(command: str) -> None:
    """Who has a city with a simulated modem finds its link by the help alone."""
    said = CliRunner().invoke(cli, ["modems", command, "--help"]).stdout

    assert "STATE_DIR/modems/NAME" in said
