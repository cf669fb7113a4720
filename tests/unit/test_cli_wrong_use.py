"""Wrong use: one line says what is wrong, where, and what would be right; exit status 2."""

import pytest
from click.testing import CliRunner

from siaga112.cli.root import cli


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("nonsense", "No such command 'nonsense'; siaga112 --help says which there are"),
        ("tickets lst", "No such command 'lst'. Did you mean 'list'?; siaga112 tickets --help says which there are"),
        ("tickets list --bogus", "No such option '--bogus'; siaga112 tickets list --help says which there are"),
        ("tickets list --limit x", "Invalid value for '--limit': 'x' is no whole number from 1 to 1000000"),
        ("tickets list --limit 0", "Invalid value for '--limit': '0' is no whole number from 1 to 1000000"),
        (
            "tickets list --channel fax",
            "Invalid value for '--channel': 'fax' is none of call, sms, whatsapp, web, api",
        ),
        ("tickets show", "Missing argument 'NUMBER'; right would be: siaga112 tickets show [OPTIONS] NUMBER"),
        (
            "tickets show a b",
            "Got unexpected extra argument (b); right would be: siaga112 tickets show [OPTIONS] NUMBER",
        ),
        (
            "recordings show 99999999999",
            "Invalid value for 'ID': '99999999999' is no whole number from 1 to 2147483647",
        ),
        ("--config", "Option '--config' requires an argument; siaga112 --help says how it is used"),
        ("modems inject x", "give --from NUMBER and --text TEXT, or --pdu HEX"),
        ("init --operators many", "Invalid value for '--operators': 'many' is no whole number from 1 to 99"),
    ],
)
def test_one_line(argv: str, said: str) -> None:
    """Without lines about usage before it."""
    result = CliRunner().invoke(cli, argv.split(), prog_name="siaga112", catch_exceptions=False)

    assert (2, "", [f"Error: {said}"]) == (result.exit_code, result.stdout, result.stderr.splitlines())


def test_group_alone_shows_its_help() -> None:
    """Who leaves the command out learns which there are."""
    result = CliRunner().invoke(cli, ["tickets"], prog_name="siaga112", catch_exceptions=False)

    assert (2, True) == (result.exit_code, "List tickets, newest first." in result.stderr)
