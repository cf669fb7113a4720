"""`tickets export`: every ticket with every field, for a spreadsheet."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from siaga112.app import App
from siaga112.cli.root import cli
from siaga112.settings import load
from tests.support.tickets import NOON
from tickets.ticketing import Location, NewTicket, open_ticket
from tickets.vocabulary import Channel

FLOOD = NewTicket(
    channel=Channel.SMS,
    category="bencana",
    priority=1,
    agencies=("bpbd", "damkar"),
    text='=SUM(1) "banjir"\ndi Muncar, tinggi',
    at=NOON,
    actor="sms",
    reporter="+628123456789",
    location=Location(lat=-8.44, lon=114.33, radius=50.0),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A city with two tickets."""
    file = tmp_path / "siaga112.toml"
    file.write_text('[site]\nname = "Kota Uji"\ncode = "UJI"\nstate_dir = "state"\n')
    (tmp_path / "state").mkdir()
    app = App(load(file, {}))
    with app.store as store:
        store.upgrade()
        with store.transaction() as session:
            open_ticket(session, app.site, FLOOD)
            open_ticket(session, app.site, replace(FLOOD, channel=Channel.CALL, location=None, reporter=None))
    return file


def export(config: Path, *options: str) -> str:
    """What is printed."""
    result = CliRunner().invoke(cli, ["--config", str(config), "tickets", "export", *options])
    assert 0 == result.exit_code, result.stderr
    return result.stdout


def test_every_field_in_a_column(config: Path) -> None:
    """Text of several lines and with quotation marks stays one cell; what would be a formula is none; newest first."""
    call, sms = csv.DictReader(io.StringIO(export(config)))

    assert ("call", "", "", "") == (call["channel"], call["reporter"], call["lat"], call["radius"])
    assert ("UJI", "+628123456789", "bpbd damkar") == (sms["number"][:3], sms["reporter"], sms["agencies"])
    assert ("-8.44", "114.33", "50.0") == (sms["lat"], sms["lon"], sms["radius"])
    assert f"'{FLOOD.text}" == sms["text"]


def test_the_same_as_json(config: Path) -> None:
    """The objects of `tickets list`, all of them; what is asked for is chosen in the same way."""
    (only,) = json.loads(export(config, "--json", "--channel", "sms"))

    assert FLOOD.text == only["text"]
    assert {"lat": -8.44, "lon": 114.33, "radius": 50.0} == only["location"]
