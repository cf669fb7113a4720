"""The program's own help: complete and true."""

import click
import pytest
from click.testing import CliRunner

from siaga112.cli.root import COMMANDS, cli


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_its_line_says(name: str) -> None:
    """Each name leads to a command, and the line about it is the first sentence of the command's own help."""
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    assert COMMANDS[name].help == command.get_short_help_str(limit=200)


def test_help_names_every_place_of_the_configuration() -> None:
    """Where the configuration is looked for can be read off the help."""
    said = " ".join(CliRunner().invoke(cli, ["--help"]).stdout.split())

    for place in ("$SIAGA112_CONFIG", "./siaga112.toml", "/etc/siaga112/siaga112.toml"):
        assert place in said


def test_an_empty_path_is_no_configuration() -> None:
    """A script whose variable is empty is told so; it does not run on whatever file is found."""
    result = CliRunner().invoke(cli, ["--config", "", "classify"], input="api\n")

    assert 2 == result.exit_code
    assert "--config" in result.stderr
    assert "it is empty" in result.stderr
