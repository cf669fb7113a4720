"""Which trunk a call to outside takes: the next one for a line that is down or full, and for nothing else."""

from collections.abc import Iterator

import pytest

from hardware.asterisk.trunks.state import TrunkCondition, trunk_states
from hardware.softphone import Phone, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.carrier import Carrier, Line
from tests.support.scripted_agi import Conversation, ScriptedAgi

NAMES = ("first", "second", "shared-a", "shared-b")
OF_FIRST = (Line("first", "127.0.0.21", 1),)
OF_SECOND = (Line("second", "127.0.0.22", 2), Line("shared-a", "127.0.0.23", 3), Line("shared-b", "127.0.0.24", 3))
ALL_UP = [TrunkCondition.UP] * len(NAMES)

CONGESTION_HZ = 425
"""What a phone hears when nothing came of its call."""

NUMBER = "+6281234567"
BY_SECOND, SHARED, BY_ANY, NOBODY, ENGAGED = (f"{NUMBER}{digit}" for digit in (2, 3, 0, 8, 9))


@pytest.fixture(scope="module")
def carriers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Carrier, Carrier]]:
    """Two telecom operators, not started yet."""
    first, second = (Carrier(tmp_path_factory.mktemp("carrier"), lines) for lines in (OF_FIRST, OF_SECOND))
    try:
        yield first, second
    finally:
        first.close()
        second.close()


@pytest.fixture(scope="module")
def asterisk_module(
    tmp_path_factory: pytest.TempPathFactory, carriers: tuple[Carrier, Carrier]
) -> Iterator[AsteriskServer]:
    """Our Asterisk with trunks from both, asked every second whether they are there."""
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"))
    values = {"number_format": "plus62", "qualify_seconds": 1, "max_calls": 1}
    trunks = [trunk for carrier in carriers for trunk in carrier.trunks(**values)]
    server.configure(server.tables | {"trunks": trunks})
    try:
        for carrier in carriers:
            carrier.start(server.settings.asterisk.sip_port)
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def operator(asterisk: AsteriskServer) -> Iterator[Phone]:
    """Who calls back, by trunks that are up at first."""
    assert asterisk.events.wait_until(lambda: ALL_UP == conditions(asterisk), 30)
    with asterisk.phone("1001") as phone:
        yield phone


def conditions(server: AsteriskServer) -> list[TrunkCondition]:
    """How all are now."""
    assert server.client is not None
    return [state.condition for state in trunk_states(server.client, NAMES)]


def asked(server: AsteriskServer, count: int) -> list[str]:
    """The trunks that a call was sent by, in order, once so many are told of: events come a moment later."""

    def trunks() -> list[str]:
        rung = [event.get("DestChannel") for event in server.events.seen if event.event == "DialBegin"]
        return [channel.removeprefix("PJSIP/trunk-").rpartition("-")[0] for channel in rung]

    assert server.client is not None
    server.client.action("Ping")  # what Asterisk wrote before its answer is read with it
    server.events.wait_until(lambda: len(trunks()) >= count)
    return trunks()


def calling_back(server: AsteriskServer, number: str) -> ScriptedAgi:
    """The script of the call-back code, which names this number."""

    def names_it(script: Conversation) -> None:
        script.set("SIAGA112_CALLBACK", number)
        script.set("SIAGA112_TO_PLUS62", number)
        script.set("SIAGA112_NEXT", "call")
        script.set("SIAGA112_DONE", "1")

    return ScriptedAgi(server.agi_port, names_it)


def test_full_line_passes_on(asterisk: AsteriskServer, carriers: tuple[Carrier, Carrier], operator: Phone) -> None:
    """503 from the first: the second is asked, and carries it."""
    second = carriers[1]
    second.subscriber.manners = answering()
    with calling_back(asterisk, BY_SECOND):
        call = asterisk.dial(operator, "*23", number="1001")
        reached = second.subscriber.incoming(15)
        call.wait_answered(10)
        call.hangup()

    assert ("second", ["first", "second"]) == (reached.remote_name, asked(asterisk, 2))


def test_call_to_outside_counts(asterisk: AsteriskServer, carriers: tuple[Carrier, Carrier], operator: Phone) -> None:
    """With one call on a trunk of `max_calls = 1` the next is not sent by it: its operator need not refuse it."""
    second = carriers[1]
    second.subscriber.manners = answering()
    with calling_back(asterisk, BY_SECOND), asterisk.phone("1002") as other:
        call = asterisk.dial(operator, "*23", number="1001")
        call.wait_answered(10)
        second.subscriber.incoming(15).wait_answered(10)
        assert ["first", "second"] == asked(asterisk, 2)
        asterisk.events.seen.clear()
        in_vain = asterisk.dial(other, "*23", number="1002")
        in_vain.wait_tone(CONGESTION_HZ, 10)
        in_vain.hangup()
        call.hangup()

    assert ["first", "shared-a", "shared-b"] == sorted(asked(asterisk, 3))


def test_lines_of_one_priority_share(
    asterisk: AsteriskServer, carriers: tuple[Carrier, Carrier], operator: Phone
) -> None:
    """Four calls one after the other, by two trunks in turn; those with a better priority are full."""
    second = carriers[1]
    second.subscriber.manners = answering()
    carried = []
    with calling_back(asterisk, SHARED):
        for _ in range(4):
            call = asterisk.dial(operator, "*23", number="1001")
            carried.append(second.subscriber.incoming(15).remote_name)
            call.wait_answered(10)
            call.hangup()
            asterisk.wait_idle()

    assert (["shared-a", "shared-b"] * 3)[carried[0] == "shared-b" :][:4] == carried


@pytest.mark.parametrize("number", [NOBODY, ENGAGED], ids=["nobody answers", "busy"])
def test_who_is_called_is_so_by_every_line(asterisk: AsteriskServer, operator: Phone, number: str) -> None:
    """486 and 480 say something of who is called: no other trunk is asked."""
    with calling_back(asterisk, number):
        call = asterisk.dial(operator, "*23", number="1001")
        call.wait_tone(CONGESTION_HZ, 10)
        call.hangup()

    assert ["first"] == asked(asterisk, 1)


def test_dead_line_passes_on(asterisk: AsteriskServer, carriers: tuple[Carrier, Carrier], operator: Phone) -> None:
    """The first operator's Asterisk dies; once that is noticed a call goes by the second, and waits for nothing."""
    first, second = carriers
    second.subscriber.manners = answering()
    first.stop()
    assert asterisk.events.wait_until(lambda: [TrunkCondition.DOWN, *ALL_UP[1:]] == conditions(asterisk), 30)
    with calling_back(asterisk, BY_ANY):
        call = asterisk.dial(operator, "*23", number="1001")
        reached = second.subscriber.incoming(15)
        call.wait_answered(10)
        call.hangup()
    first.start(asterisk.settings.asterisk.sip_port)

    assert ("second", ["second"]) == (reached.remote_name, asked(asterisk, 1))
