"""The trunks of a whole running city: listed from Asterisk, watched for monitoring."""

from datetime import UTC, datetime

from hardware.softphone import BUSY, Phone
from redis_queue.trunk_notes import TrunkNotes
from tests.support.city import City
from tests.support.eventual import eventually


def test_trunk_is_listed_and_watched(city: City, city_carrier: Phone) -> None:
    """A trunk that answers is up in the listing and in what monitoring reads."""

    def rows() -> list[dict[str, object]] | None:
        listed = city.up.listing("trunks", "list")
        return listed if listed and listed[0]["state"] == "up" else None

    notes = TrunkNotes(city.app.redis)
    (trunk,) = eventually("the trunk is up", rows)
    eventually("the watch sees it", lambda: any(sight.up for sight in notes.sights(datetime.now(UTC))))

    assert trunk["round_trip_ms"] is not None


def test_call_by_a_trunk_tells_why_not(city: City, city_carrier: Phone) -> None:
    """`trunks test --call` dials as the trunk's operator wants it, and says the refusal in words."""
    city_carrier.manners = BUSY
    (trunk,) = city.up.listing("trunks", "list")
    eventually("the trunk is up", lambda: city.up.listing("trunks", "list")[0]["state"] == "up")

    tested = city.command("trunks", "test", str(trunk["name"]), "--call", "0812-3456-789")
    called = city_carrier.incoming()

    assert 1 == tested.returncode
    assert "the number is busy; 486: who is called is busy" == tested.stdout.splitlines()[-1]
    assert "628123456789" == called.invite.uri.partition(":")[2].partition("@")[0]
