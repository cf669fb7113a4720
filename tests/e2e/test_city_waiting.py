"""Callers for whom nobody is free: they wait with announcements, and for not a moment longer than they must."""

from hardware.softphone import Phone, answering
from hardware.softphone.history import Moment
from ivr.prompts.catalogue import BUSY
from tests.support.asterisk_server import write_tone
from tests.support.city import BUSY_HZ, City, converse
from tests.support.eventual import eventually

ANNOUNCED_S = 30.0
"""An announcement that is far longer than anything here takes: who is served in it was served in the middle of it."""


def test_freed_in_the_middle_of_an_announcement(own_city: City) -> None:
    """The operator's phone rings while the caller is being told that all are busy, and the announcement is cut off."""
    write_tone(own_city.folder / "sounds" / "id" / f"{BUSY}.wav", BUSY_HZ, ANNOUNCED_S)
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        first = own_city.dial_and_press(carrier, "081200000601", "1")
        desk.incoming().wait_answered()
        second = own_city.dial_and_press(carrier, "081200000602", "1")
        second.wait_tone(BUSY_HZ)
        own_city.await_waiting(1)
        first.hangup()
        talk = desk.incoming(ANNOUNCED_S)
        converse(second, talk)
        said_meanwhile = second.hears_tone(BUSY_HZ)
        told, rung = second.wait_answered(), talk.moment(Moment.INVITE_RECEIVED)
        second.hangup()
        record = own_city.await_record("+6281200000602")

    assert rung is not None
    assert rung - told < ANNOUNCED_S
    assert not said_meanwhile
    assert ("answered", "1001") == (record["outcome"], record["operator"])


def test_who_calls_again_gets_the_same_operator(city: City, city_carrier: Phone) -> None:
    """A caller whose line broke talks with who knows already, though a colleague has been idle for longer."""
    with city.on_duty("1001", answering()) as one, city.on_duty("1002", answering()) as two:
        asked = []
        for number in ("081200000611", "081200000611", "081200000612"):
            call = city.dial_and_press(city_carrier, number, "1")
            asked.append(eventually(f"{number} at an operator", lambda: newest(one, two, len(asked) + 1)))
            converse(call, asked[-1].calls[-1])
            call.hangup()
            for desk in (one, two):
                city.await_available(desk.user)

    assert asked[0] is asked[1]
    assert asked[1] is not asked[2]


def newest(one: Phone, two: Phone, count: int) -> Phone | None:
    """The phone with the last of so many calls."""
    if len(one.calls) + len(two.calls) < count:
        return None
    return max((one, two), key=lambda desk: desk.calls[-1].moment(Moment.INVITE_RECEIVED) or 0.0 if desk.calls else 0.0)
