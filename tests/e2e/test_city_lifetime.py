"""The program's own end, in good order and not, and its return."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from hardware.softphone import EndedBy, OutgoingCall, WaitError, answering
from tests.support.city import City, converse
from tests.support.eventual import eventually

SERVERS = ("redis-server", "asterisk")


def test_killed_during_a_conversation(own_city: City) -> None:
    """`kill -9` of `up` ends no call and turns none away; the next `up` adopts the servers and knows of all calls."""
    with (
        own_city.on_duty("1001", answering()) as one,
        own_city.on_duty("1002", answering()) as two,
        own_city.carrier() as carrier,
    ):
        lasting = own_city.dial_and_press(carrier, "081200000201", "1")
        talk = one.incoming()
        converse(lasting, talk)
        servers = [own_city.server_pid(server) for server in SERVERS]
        own_city.kill()
        eventually("our own parts have ended", lambda: set(own_city.processes()) == set(servers))
        converse(lasting, talk)
        meanwhile = own_city.dial(carrier, "081200000202")
        converse(meanwhile, two.incoming())
        meanwhile.hangup()
        own_city.start()
        adopted = [own_city.said("server.adopted", server=server)[0]["pid"] for server in SERVERS]
        converse(lasting, talk)
        lasting.hangup()
        records = [own_city.await_record(f"+62812000002{number}") for number in ("01", "02")]
    own_city.stop()

    assert servers == adopted
    assert [("answered", "1001", "kebakaran"), ("fail_open", "1002", None)] == [
        (record["outcome"], record["operator"], record["category"]) for record in records
    ]
    for record in records:
        assert record["started_at"] < record["answered_at"] < record["ended_at"]
    assert [] == own_city.processes()


def test_sigterm_with_calls(own_city: City) -> None:
    """SIGTERM: a call that is up goes on, one that lasts too long is ended, no new one comes, nothing is left."""
    with (
        own_city.on_duty("1001", answering()) as one,
        own_city.on_duty("1002", answering()) as two,
        own_city.carrier() as carrier,
        ThreadPoolExecutor(1) as other,
    ):
        short = own_city.dial_and_press(carrier, "081200000211", "1")
        converse(short, one.incoming())
        long = own_city.dial_and_press(carrier, "081200000212", "1")
        lasting = two.incoming()
        converse(long, lasting)
        ending = other.submit(own_city.stop)
        own_city.await_said("up.stopping")
        converse(long, lasting)
        eventually("no new call is taken", lambda: is_refused(own_city.begin(carrier, "081200000213")))
        short.hangup()
        ending.result()
        cut = long.wait_ended()
        records = [own_city.await_record(f"+62812000002{number}") for number in (11, 12)]

    assert EndedBy.PEER is cut.by
    assert [("error", 2)] == [(line["level"], line["channels"]) for line in own_city.said("asterisk.calls_cut")]
    assert ["answered", "answered"] == [record["outcome"] for record in records]
    assert [] == own_city.processes()


def is_refused(call: OutgoingCall) -> bool:
    """Whether Asterisk takes no more calls; one that it took is given up."""
    with suppress(WaitError):
        call.wait_answered()
    call.hangup()
    return call.wait_ended().status == 503


def test_second_sigterm(own_city: City) -> None:
    """A second SIGTERM waits for nothing: call or no call, everything ends."""
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        call = own_city.dial_and_press(carrier, "081200000221", "1")
        converse(call, desk.incoming())
        os.kill(own_city.up.pid, signal.SIGTERM)
        own_city.await_said("up.stopping")
        os.kill(own_city.up.pid, signal.SIGTERM)
        eventually("nothing runs", lambda: not own_city.processes())
