"""`messages send`, as it is typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siaga112.app import App
from siaga112.cli.root import cli
from siaga112.settings import load
from tests.support.sms import outgoing
from tests.support.tickets import SITE, report
from tickets.database.store import Store
from tickets.ticketing import open_ticket

CITY = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"

[[modems]]
name = "telkomsel-1"
port = "/dev/ttyUSB0"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A city with one modem and a database."""
    file = tmp_path / "siaga112.toml"
    file.write_text(CITY)
    return file


@pytest.fixture
def store(config: Path) -> Iterator[Store]:
    """Its database, with one ticket: BWI-2026-000001."""
    (config.parent / "state").mkdir()
    with App(load(config, {})).store as opened:
        opened.upgrade()
        with opened.transaction() as session:
            open_ticket(session, SITE, report())
        yield opened


def send(config: Path, *argv: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["--config", str(config), "messages", "send", *argv])


@pytest.mark.parametrize("argv", [("08123450099", "Di mana?"), ("--ticket", "bwi-2026-000001", "Di mana?")])
def test_send(config: Path, store: Store, argv: tuple[str, ...]) -> None:
    """To a number or to who reported a ticket: both are a word on that ticket."""
    result = send(config, *argv)
    (message,) = outgoing(store)

    assert (0, f"message {message.id} on ticket BWI-2026-000001 waits for telkomsel-1\n") == (
        result.exit_code,
        result.output,
    )
    assert ("+628123450099", "Di mana?") == (message.recipient, message.text)


@pytest.mark.parametrize("text", ["x" * 1530, "ё" * 670])
def test_the_longest_text(config: Path, store: Store, text: str) -> None:
    """Ten messages are sent, whatever they are written in."""
    assert 0 == send(config, "08123450099", text).exit_code
    assert [text] == [message.text for message in outgoing(store)]


@pytest.mark.parametrize(
    ("argv", "status", "told"),
    [
        (("08123450099",), 2, "send NUMBER TEXT"),
        (("08123450099", "Di", "mana?"), 2, "send NUMBER TEXT"),
        (("--ticket", "BWI-2026-000001", "08123450099", "Di mana?"), 2, "send NUMBER TEXT"),
        (("--ticket", "BWI-2026-000009", "Di mana?"), 1, "no ticket has the number 'BWI-2026-000009'"),
        (("--modem", "xl-9", "08123450099", "Di mana?"), 2, "there is no modem 'xl-9'; there are: telkomsel-1"),
        (("TELKOMSEL", "Di mana?"), 2, "'TELKOMSEL' is no number"),
        (("112", "Di mana?"), 2, "'112' is no number of somebody's phone; right would be +6281… or 081…"),
        (("08123450099", ""), 2, "the text is empty"),
        (("08123450099", " \n"), 2, "the text is empty"),
        (("--ticket", "BWI-2026-000001", ""), 2, "the text is empty"),
        (("08123450099", "x" * 1531), 2, "1531 characters, 11 messages; right would be 670 characters"),
        (("08123450099", "é" * 1531), 2, "1531 characters, 11 messages"),
        (("08123450099", "ё" * 671), 2, "671 characters, 11 messages"),
        (("08123450099", "x" * 50_000), 2, "right would be 670 characters"),
    ],
)
def test_mistakes(config: Path, store: Store, argv: tuple[str, ...], status: int, told: str) -> None:
    """One line says what is wrong; nothing is queued."""
    result = send(config, *argv)

    assert status == result.exit_code
    assert told in result.output
    assert [] == list(outgoing(store))
