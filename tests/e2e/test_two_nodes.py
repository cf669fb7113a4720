"""Two machines with an Asterisk each serve one city: one Redis, one database, phones that register with both."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardware.asterisk.ami import AmiClient
from hardware.asterisk.ami.views import endpoint_of
from hardware.softphone import Call, OutgoingCall, Phone, answering
from redis_queue.states import OperatorState
from tests.support.asterisk_server import Events
from tests.support.city import City, converse
from tests.support.eventual import LIMIT_S, eventually
from tests.support.redis_server import RedisServer
from tickets.calls.callbacks import CallbackFilter, list_callbacks

DESKS = ("1001", "1002")
NOTICED_WITHIN = timedelta(seconds=10)

Desks = dict[tuple[str, str], Phone]
"""The phones by node and extension."""


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[City, City]]:
    """The machines a and b, running."""
    redis = RedisServer()
    shared = f'[redis]\nurl = "{redis.url}"\n[store]\nurl = "sqlite:///{tmp_path}/tickets.db"\n'
    with ExitStack() as stack:
        stack.callback(redis.remove)
        redis.start()
        both = []
        for node in ("a", "b"):
            folder = tmp_path / node
            folder.mkdir()
            both.append(City(folder, node=node, drain_seconds=3, more=shared))
            stack.callback(both[-1].close)
            both[-1].start()
        yield both[0], both[1]


@pytest.fixture
def desks(nodes: tuple[City, City]) -> Iterator[Desks]:
    """The operators' phones, each registered with both machines."""
    with ExitStack() as stack:
        found = {
            (node, extension): stack.enter_context(city.phone(extension, answering()))
            for node, city in zip("ab", nodes, strict=True)
            for extension in DESKS
        }
        eventually("both live", lambda: nodes[0].app.pool.nodes() == {"a", "b"})
        for extension in DESKS:
            nodes[0].await_available(extension)
        yield found


def test_a_machine_dies(nodes: tuple[City, City], desks: Desks) -> None:
    """Calls on the other go on, operators take its calls, and whom the dead one cut off is first to be called back."""
    a, b = nodes
    with a.carrier() as carrier_a, b.carrier() as carrier_b:
        _, cut = talk(a, carrier_a, "081200000301", desks)
        lasting, kept = talk(b, carrier_b, "081200000302", desks)
        give_up(b, carrier_b, "081200000303")
        a.dial_and_press(carrier_a, "081200000304", "2")
        b.await_waiting(1)
        eventually("what a has told is written", lambda: is_known(b, "+6281200000301", "+6281200000304"))

        killed_at = kill(a)
        converse(lasting, kept)
        eventually("the list", lambda: to_be_called(b) == [f"+6281200000{number}" for number in (301, 304, 303)])
        b.await_waiting(0)
        freed = extension_of(cut, desks)
        b.await_state(freed, OperatorState.AVAILABLE)
        converse(lasting, kept)
        after, taken = talk(b, carrier_b, "081200000305", desks)
        for call in (lasting, after):
            call.hangup()
        records = [b.await_record(f"+6281200000{number}") for number in (301, 302, 304, 305)]

    assert freed == extension_of(taken, desks)
    assert ["answered", "answered", "abandoned", "answered"] == [record["outcome"] for record in records]
    for record in (records[0], records[2]):
        assert datetime.fromisoformat(record["ended_at"]) - killed_at < NOTICED_WITHIN


def test_a_machine_returns(nodes: tuple[City, City], desks: Desks) -> None:
    """Started again it takes calls, for the same operators, and cuts nobody off."""
    a, b = nodes
    kill(a)
    eventually("a is gone", lambda: b.app.pool.nodes() == {"b"})
    a.start()
    for extension in DESKS:
        desks["a", extension].register()
    eventually("both live", lambda: b.app.pool.nodes() == {"a", "b"})
    outcomes = []
    for city, number in ((a, "081200000401"), (b, "081200000402")):
        with city.carrier() as carrier:
            for extension in DESKS:
                city.await_available(extension)
            call, _ = talk(city, carrier, number, desks)
            call.hangup()
            outcomes.append(b.await_record("+62" + number[1:])["outcome"])

    assert ["answered", "answered"] == outcomes
    assert [] == to_be_called(b)


def test_a_part_that_is_started_again_is_no_machine_that_died(nodes: tuple[City, City], desks: Desks) -> None:
    """A killed watcher is back before the other machine speaks for its calls."""
    a, b = nodes
    with a.carrier() as carrier:
        call, taken = talk(a, carrier, "081200000501", desks)
        operator = extension_of(taken, desks)
        a.kill_part("switchboard")
        eventually("both live", lambda: b.app.pool.nodes() == {"a", "b"})
        converse(call, taken)
        talking = b.operator(operator).state
        call.hangup()
        record = b.await_record("+6281200000501")

    assert OperatorState.TALKING is talking
    assert ("answered", operator) == (record["outcome"], record["operator"])
    assert [] == b.said("node.dead")


def test_phone_that_talks_by_the_other_machine_is_rung_by_no_fallback(nodes: tuple[City, City], desks: Desks) -> None:
    """Both operators talk by a, b's script is away: its Asterisk rings none of them, until one of them is free."""
    a, b = nodes
    heard = Events()
    with a.carrier() as carrier_a, b.carrier() as carrier_b, AmiClient(b.app.ami, heard) as client:
        client.wait_ready(LIMIT_S)
        (first, taken), (second, _) = (talk(a, carrier_a, f"08120000060{number}", desks) for number in range(2))
        free = extension_of(taken, desks)
        with b.frozen(b.pid_of("agi")):
            caller = b.dial(carrier_b, "081200000603")
            heard.wait("Siaga112Fallback", LIMIT_S)
        eventually("b has thought of both", lambda: {"1001", "1002"} <= given_up(heard))
        rung = [extension for extension in DESKS if desks["b", extension].calls]
        first.hangup()
        answered = eventually("the free one is rung", lambda: next(iter(desks["b", free].calls), None))
        converse(caller, answered)
        other = [phone.calls for (node, extension), phone in desks.items() if node == "b" and extension != free]
        for call in (caller, second):
            call.hangup()

    assert ([], [()]) == (rung, [tuple(calls) for calls in other])


def given_up(heard: Events) -> set[str]:
    """The operators for whom an Asterisk made a channel that is gone again."""
    gone = [event.get("Channel") for event in list(heard.seen) if event.event == "Hangup"]
    return {endpoint_of(channel) for channel in gone}


def talk(city: City, carrier: Phone, number: str, desks: Desks) -> tuple[OutgoingCall, Call]:
    """A call by this machine and the operator's end of it, both talking."""
    call = city.dial_and_press(carrier, number, "1")
    phones = [desks[city.app.settings.node, extension] for extension in DESKS]

    def look() -> Call | None:
        return next((each for phone in phones for each in phone.calls if each.remote_number == number), None)

    taken = eventually(f"{number} at an operator", look)
    converse(call, taken)
    return call, taken


def extension_of(taken: Call, desks: Desks) -> str:
    """Whose call it is."""
    return next(extension for (_, extension), phone in desks.items() if taken in phone.calls)


def give_up(city: City, carrier: Phone, number: str) -> None:
    """A caller for whom nobody was free, and who did not wait."""
    call = city.dial_and_press(carrier, number, "1")
    city.await_waiting(1)
    call.hangup()
    assert "abandoned" == city.await_record("+62" + number[1:])["outcome"]


def is_known(city: City, *callers: str) -> bool:
    """Whether the calls of these numbers are written down."""
    return all(city.records(caller) for caller in callers)


def to_be_called(city: City) -> list[str]:
    """The call-back list, first to call first."""
    with city.app.store.reading() as session:
        return [entry.number for entry in list_callbacks(session, CallbackFilter())]


def kill(city: City) -> datetime:
    """A machine dies: Asterisk and all of ours at the same moment; when that was."""
    for pid in city.processes():
        os.kill(pid, signal.SIGKILL)
    city.reap()
    return datetime.now(UTC)
