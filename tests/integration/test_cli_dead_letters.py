"""`messages dead` and `messages retry` for what is dead in the streams."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from redis_queue.reader import StreamReader
from redis_queue.streams import Stream
from siaga112.app import App
from siaga112.cli.root import cli
from siaga112.settings import load
from tests.support.redis_server import RedisServer

CITY = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"

[redis]
url = "{redis}"
"""

ENTRIES = {
    "sms": ({"halo": "apa ini"}, '{"halo": "apa ini"}'),
    "twilio": ({"hook": "message", "form": "From=x&Body=a%20b"}, "From=x&Body=a%20b"),
    "calls": ({"kind": "arrived", "caller": "+62811"}, '{"kind": "arrived", "caller": "+62811"}'),
}


@pytest.fixture
def city(tmp_path: Path, redis_server: RedisServer) -> App:
    """A city with a database and a Redis."""
    file = tmp_path / "siaga112.toml"
    file.write_text(CITY.format(redis=redis_server.url))
    (tmp_path / "state").mkdir()
    app = App(load(file, {}))
    with app.store as store:
        store.upgrade()
    return app


def messages(city: App, *argv: str) -> Result:
    """Run a command of this group."""
    config = city.settings.site.state_dir.parent / "siaga112.toml"
    return CliRunner().invoke(cli, ["--config", str(config), "messages", *argv])


def streams(city: App) -> dict[str, Stream]:
    """By the names that people see."""
    return {"sms": city.sms_stream, "twilio": city.twilio_stream, "calls": city.call_stream}


def bury(city: App, name: str) -> None:
    """Have an entry of a stream die."""
    stream = streams(city)[name]
    stream.ensure()
    stream.add(ENTRIES[name][0])
    (entry,) = StreamReader(stream, "test").read()
    stream.dead(entry, f"wrong in {name}")


def test_all_streams_are_shown(city: App) -> None:
    """Raw content and reason of each, the newest first, with the fields of a message."""
    for name in ENTRIES:
        bury(city, name)
    rows = json.loads(messages(city, "dead", "--json").stdout)

    assert [(ENTRIES[name][1], f"wrong in {name}", "dead") for name in ("calls", "twilio", "sms")] == [
        (row["pdu"], row["reason"], row["state"]) for row in rows
    ]
    assert ["calls", "twilio", "sms"] == [row["id"].partition(":")[0] for row in rows]
    assert rows[:2] == json.loads(messages(city, "dead", "--json", "--limit", "2").stdout)


@pytest.mark.parametrize("name", ENTRIES)
def test_retry(city: App, name: str) -> None:
    """It is in its stream again, as it came, and dead no more."""
    bury(city, name)
    (shown,) = [row["id"] for row in json.loads(messages(city, "dead", "--json").stdout)]
    result = messages(city, "retry", shown)

    assert (0, f"{shown} is given to the worker again\n") == (result.exit_code, result.stdout)
    assert [ENTRIES[name][0]] == [entry.fields for entry in StreamReader(streams(city)[name], "other").read()]
    assert [] == json.loads(messages(city, "dead", "--json").stdout)


@pytest.mark.parametrize(
    ("shown", "status", "told"),
    [
        ("sms:1-0", 1, "Error: '1-0' is no dead letter of siaga112:stream:sms"),
        ("sms:x", 1, "Error: 'x' is no dead letter of siaga112:stream:sms"),
        ("mail:1-0", 1, "Error: 'mail:1-0' is no id of `messages dead`: a number, or sms:…, twilio:…, calls:…"),
        ("x", 2, "Error: Invalid value for 'ID': 'x' is no whole number from 1 to 2147483647"),
    ],
)
def test_what_is_not_there(city: App, shown: str, status: int, told: str) -> None:
    """One line."""
    result = messages(city, "retry", shown)

    assert (status, told) == (result.exit_code, result.stderr.splitlines()[-1])


def test_redis_away(city: App, redis_server: RedisServer) -> None:
    """The database's dead messages are shown all the same, and what is missing is said."""
    redis_server.kill()
    result = messages(city, "dead", "--json")

    assert (0, "[]\n") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("Warning: what is dead in the streams is not shown: ")
