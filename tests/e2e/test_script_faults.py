"""Faults of our own, in a script or in its sounds: the caller reaches a human all the same, on a real Asterisk."""

from collections.abc import Iterator

import pytest

from agi_scripts.channel import Channel
from agi_scripts.line import AgiLine
from agi_scripts.server import serve
from agi_scripts.services import open_desk
from hardware.softphone import Phone, answering
from ivr.desk import Desk
from tests.support.asterisk_server import AsteriskServer
from tests.support.city import City, converse
from tests.support.freezes import pressing


@pytest.fixture
def desk(asterisk: AsteriskServer) -> Iterator[Desk]:
    """What scripts are handed; there is no Redis."""
    with open_desk(asterisk.settings) as opened:
        yield opened


def test_exception_in_a_script(asterisk: AsteriskServer, carrier: Phone, desk: Desk) -> None:
    """A bug, met after the caller has been asked for a key: the fallback's phones ring."""

    def faulty(channel: Channel, _desk: Desk) -> None:
        AgiLine(channel).key(0.2)
        raise ZeroDivisionError

    with asterisk.phone("1001", answering()) as operator, serve(desk, {"call": faulty}):
        call = asterisk.dial(carrier)
        converse(call, operator.incoming(10))
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "script" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_missing_and_broken_prompts(own_city: City) -> None:
    """Sounds that are gone, empty, or no sounds at all: passed over; the key counts and an operator answers."""
    sounds = sorted((own_city.folder / "sounds" / "id").glob("*.wav"))
    for number, sound in enumerate(sounds):
        if number % 3 == 0:
            sound.unlink()
        else:
            sound.write_bytes(b"" if number % 3 == 1 else b"no sound at all")
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        call = own_city.dial(carrier, "081200000701")
        converse(call, pressing(call, desk))
        call.hangup()
        record = own_city.await_record("+6281200000701")

    assert ("answered", "1001") == (record["outcome"], record["operator"])
