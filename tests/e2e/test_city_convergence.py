"""Whatever dies unseen, what is said of operators and calls becomes true again."""

import os
import signal

from hardware.softphone import OutgoingCall, Phone, answering
from redis_queue.states import OperatorState
from tests.support.city import City, converse
from tests.support.eventual import eventually


def taken_by(call: OutgoingCall, number: str, *desks: Phone) -> Phone:
    """The phone that answers this call; both talk."""

    def look() -> Phone | None:
        return next((desk for desk in desks for each in desk.calls if each.remote_number == number), None)

    desk = eventually(f"{number} answered", look)
    converse(call, desk.calls[-1])
    return desk


def test_what_nobody_watched(city: City, city_carrier: Phone) -> None:
    """A call that ended and one that the fallback gave out while there was no watcher are both known of after it."""
    with city.on_duty("1001", answering()) as one, city.on_duty("1002", answering()) as two:
        ending = city.dial_and_press(city_carrier, "081200000701", "1")
        first = taken_by(ending, "081200000701", one, two)
        second = two if first is one else one
        with city.frozen(city.up.pid):
            os.kill(city.pid_of("switchboard"), signal.SIGKILL)
            eventually("the pool is blind", lambda: not city.app.pool.watcher_alive())
            lasting = city.dial(city_carrier, "081200000702")
            assert second is taken_by(lasting, "081200000702", one, two)
            ending.hangup()
        city.await_state(second.user, OperatorState.TALKING)
        city.await_available(first.user)
        lasting.hangup()
        city.await_available(second.user)
        records = [city.await_record(f"+6281200000{number}") for number in (701, 702)]

    assert [("answered", first.user), ("fail_open", second.user)] == [
        (record["outcome"], record["operator"]) for record in records
    ]


def test_power_failure(own_city: City) -> None:
    """Asterisk and all of ours die at once, and with them a talk and a wait: both have an end when all is back."""
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        talking = own_city.dial_and_press(carrier, "081200000711", "1")
        converse(talking, desk.incoming())
        own_city.dial_and_press(carrier, "081200000712", "2")
        own_city.await_waiting(1)
        eventually("what was told is written", lambda: own_city.records("+6281200000712"))
        redis = own_city.server_pid("redis-server")
        for pid in own_city.processes():
            if pid != redis:
                os.kill(pid, signal.SIGKILL)
        own_city.reap()
        own_city.start()
        desk.register()
        own_city.await_available("1001")
        records = [own_city.await_record(f"+6281200000{number}") for number in (711, 712)]

    assert [("answered", "1001"), ("abandoned", None)] == [
        (record["outcome"], record["operator"]) for record in records
    ]
