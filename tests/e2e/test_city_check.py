"""`check` on a whole running city: nothing is wrong while everything is there, and a line that fails is said."""

import json
from datetime import UTC, datetime
from typing import Any

from hardware.asterisk.ami import AmiClient
from hardware.softphone import Phone
from redis_queue.probes import ProbeNotes, call_probe
from tests.support.city import City
from tests.support.eventual import LIMIT_S, eventually


def faults(city: City) -> list[dict[str, Any]]:
    """What `check` finds."""
    found: list[dict[str, Any]] = json.loads(city.command("check", "--json").stdout)
    return [verdict for verdict in found if not verdict["ok"]]


def ask_the_trunk(city: City) -> None:
    """Have Asterisk ask it now whether it is there, and not in ten seconds."""
    with AmiClient(city.app.ami) as client:
        assert client.wait_ready(LIMIT_S)
        client.action("PJSIPQualify", (("Endpoint", "trunk-carrier"),))


def test_sound_city(city: City, city_carrier: Phone) -> None:
    """With its trunk and a phone there it has no fault; a test call that failed is one, with what it met."""
    city.config.chmod(0o600)  # as `init` writes it
    notes, name = ProbeNotes(city.app.redis), call_probe(city.app.settings.node)
    with city.on_duty("1001"):
        ask_the_trunk(city)
        eventually("nothing is wrong", lambda: not faults(city))
        notes.failed(name, datetime.now(UTC), "no script said where the call goes")
        failed = faults(city)
        notes.passed(name, datetime.now(UTC), 1.5)

    assert [("tests", f"test {name}: no script said where the call goes")] == [
        (verdict["name"], verdict["problem"]) for verdict in failed
    ]
