"""Whatever of the program stands still or dies, the caller talks with a human, and a record and a ticket tell of it."""

import os
import signal

import pytest

from hardware.softphone import OutgoingCall, Phone, answering
from hardware.softphone.history import Moment
from tests.support.city import City, converse
from tests.support.eventual import eventually

WITHIN_S = 5.0
"""The promise: from the answer to the first ringing of a human's phone."""


def seconds_to_operator(call: OutgoingCall, desk: Phone) -> float:
    """How long after the menu's answer the operator's phone was asked to ring; both talk when this returns."""
    talk = desk.incoming(15)
    converse(call, talk)
    rung = talk.moment(Moment.INVITE_RECEIVED)
    assert rung is not None
    return rung - call.wait_answered()


def test_scripts_stand_still(city: City, city_carrier: Phone) -> None:
    """The FastAGI server accepts calls and never answers."""
    with city.on_duty("1001", answering()) as desk, city.frozen(city.pid_of("agi")):
        call = city.dial(city_carrier, "081200000101")
        seconds = seconds_to_operator(call, desk)
        call.hangup()
        record = city.await_record("+6281200000101")

    assert seconds < WITHIN_S
    assert ("fail_open", "1001") == (record["outcome"], record["operator"])
    assert "call" == city.ticket_of(record)["channel"]


def test_scripts_are_gone(city: City, city_carrier: Phone) -> None:
    """The FastAGI server is dead and nobody starts it again; when it is, calls have a menu again."""
    with city.on_duty("1001", answering()) as desk:
        with city.frozen(city.up.pid):
            os.kill(city.pid_of("agi"), signal.SIGKILL)
            call = city.dial(city_carrier, "081200000102")
            seconds = seconds_to_operator(call, desk)
            call.hangup()
            record = city.await_record("+6281200000102")
        died = city.await_said("part.died", part="agi")
        city.await_said("agi.listening", component="agi")
        eventually("the menu", lambda: len(city.said("part.ready", component="up", part="agi")) == 2)

    assert seconds < WITHIN_S
    assert "fail_open" == record["outcome"]
    assert ("error", -9) == (died["level"], died["status"])


def test_redis_stands_still(city: City, city_carrier: Phone) -> None:
    """Nobody can be claimed and no fact be kept: the caller talks all the same, and the facts come later."""
    with city.on_duty("1001", answering()) as desk:
        with city.frozen(city.server_pid("redis-server")):
            call = city.dial_and_press(city_carrier, "081200000103", "1")
            seconds = seconds_to_operator(call, desk)
            call.hangup()
        record = city.await_record("+6281200000103")

    assert seconds < WITHIN_S
    assert ("fail_open", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


def test_watcher_stands_still(city: City, city_carrier: Phone) -> None:
    """Without a watcher the pool trusts nobody to be free: the dialplan rings the phones itself."""
    with city.on_duty("1001", answering()) as desk:
        with city.frozen(city.pid_of("switchboard")):
            eventually("the pool is blind", lambda: not city.app.pool.watcher_alive())
            call = city.dial_and_press(city_carrier, "081200000104", "1")
            seconds = seconds_to_operator(call, desk)
            call.hangup()
        record = city.await_record("+6281200000104")

    assert seconds < WITHIN_S
    assert ("fail_open", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


def test_worker_stands_still(city: City, city_carrier: Phone) -> None:
    """No call waits for the database: with nobody to write it everything goes its way, and is written later."""
    with city.on_duty("1001", answering()) as desk:
        with city.frozen(city.pid_of("worker")):
            call = city.dial_and_press(city_carrier, "081200000105", "1")
            seconds = seconds_to_operator(call, desk)
            call.hangup()
        record = city.await_record("+6281200000105")

    assert seconds < WITHIN_S
    assert ("answered", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


@pytest.mark.parametrize(
    ("part", "caller"), [("worker", "081200000111"), ("agi", "081200000112"), ("switchboard", "081200000113")]
)
def test_part_is_killed(city: City, city_carrier: Phone, part: str, caller: str) -> None:
    """A part that dies is started again, which is said, and the next call is like any other."""
    with city.on_duty("1001", answering()) as desk:
        city.kill_part(part)
        call = city.dial_and_press(city_carrier, caller, "1")
        converse(call, desk.incoming())
        call.hangup()
        record = city.await_record("+62" + caller[1:])

    assert ("answered", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])
    assert -9 == city.said("part.died", part=part)[-1]["status"]
    assert city.pid_of(part) == city.said("part.restarted", part=part)[-1]["pid"]


def test_redis_is_killed(city: City, city_carrier: Phone) -> None:
    """Redis is started again with all that it held: who was on duty is, and the next call is like any other."""
    with city.on_duty("1001", answering()) as desk:
        kill_server(city, "redis-server")
        city.await_available("1001")
        call = city.dial_and_press(city_carrier, "081200000121", "1")
        converse(call, desk.incoming())
        call.hangup()
        record = city.await_record("+6281200000121")

    assert ("answered", "1001", "kebakaran") == (record["outcome"], record["operator"], record["category"])


def test_asterisk_is_killed(city: City, city_carrier: Phone) -> None:
    """Calls that Asterisk took with it, a conversation and a caller in line, have an end; the next one is answered."""
    with city.on_duty("1001", answering()) as desk:
        talking = city.dial_and_press(city_carrier, "081200000131", "1")
        converse(talking, desk.incoming())
        city.dial_and_press(city_carrier, "081200000132", "2")
        city.await_waiting(1)
        kill_server(city, "asterisk")
        desk.register()
        city.await_available("1001")
        call = city.dial_and_press(city_carrier, "081200000133", "7")
        converse(call, desk.incoming())
        call.hangup()
        records = [city.await_record(f"+62812000001{number}") for number in (31, 32, 33)]

    assert [("answered", "1001", "kebakaran"), ("abandoned", None, "kecelakaan"), ("answered", "1001", "medis")] == [
        (record["outcome"], record["operator"], record["category"]) for record in records
    ]


def kill_server(city: City, server: str) -> None:
    """Kill a server with -9 and wait until another is there."""
    before = city.server_pid(server)
    os.kill(before, signal.SIGKILL)
    eventually(f"another {server}", lambda: city.server_pid(server) != before)
