"""`check` on a whole running city: nothing is wrong while everything is there, and a line that fails is said."""

import json
from datetime import UTC, datetime
from typing import Any

from hardware.softphone import Phone
from redis_queue.probes import ProbeNotes, call_probe
from tests.support.city import City, eventually


def faults(city: City) -> list[dict[str, Any]]:
    """What `check` finds."""
    found: list[dict[str, Any]] = json.loads(city.command("check", "--json").stdout)
    return [verdict for verdict in found if not verdict["ok"]]


def test_sound_city(city: City, city_carrier: Phone) -> None:
    """With its trunk and a phone there it has no fault; a test call that failed is one, with what it met."""
    city.config.chmod(0o600)  # as `init` writes it
    notes, name = ProbeNotes(city.app.redis), call_probe(city.app.settings.node)
    with city.on_duty("1001"):
        # A trunk is asked whether it is there every ten seconds.
        eventually("nothing is wrong", lambda: not faults(city))
        notes.failed(name, datetime.now(UTC), "no script said where the call goes")
        failed = faults(city)
        notes.passed(name, datetime.now(UTC), 1.5)

    assert [("tests", f"test {name}: no script said where the call goes")] == [
        (verdict["name"], verdict["problem"]) for verdict in failed
    ]
