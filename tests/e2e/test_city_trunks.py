"""The trunks of a whole running city: listed from Asterisk, watched for monitoring."""

from datetime import UTC, datetime

from hardware.softphone import Phone
from redis_queue.trunk_notes import TrunkNotes
from tests.support.city import City
from tests.support.sms_city import eventually


def test_trunk_is_listed_and_watched(city: City, city_carrier: Phone) -> None:
    """A trunk that answers is up in the listing and in what monitoring reads."""

    def rows() -> list[dict[str, object]] | None:
        listed = city.up.listing("trunks", "list")
        return listed if listed and listed[0]["state"] == "up" else None

    notes = TrunkNotes(city.app.redis)
    (trunk,) = eventually("the trunk is up", rows)
    eventually("the watch sees it", lambda: any(sight.up for sight in notes.sights(datetime.now(UTC))))

    assert trunk["round_trip_ms"] is not None
