"""Test calls: what the script does with one, when they are made, and what becomes of one that fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from agi_scripts.server import AgiServer, serve
from agi_scripts.services import open_desk
from hardware.asterisk.probe_way import ENDPOINT
from ivr.call import Call
from ivr.probe import decides
from redis_queue.connection import connect
from redis_queue.names import CALL_STREAM
from redis_queue.operators import OperatorStatus
from redis_queue.pool import OperatorPool
from redis_queue.probes import ProbeNote, ProbeNotes, call_probe
from redis_queue.states import OperatorState
from siaga112.monitoring.call_probe import ProbeFailedError
from siaga112.monitoring.call_watch import FIRST_AFTER, LOOK_EVERY_S, CallWatch
from tests.support.agi_city import agi_city
from tests.support.call_desk import ScriptedLine
from tests.support.fake_asterisk import call
from tests.support.pool import NODE, checked_pool, profile, staff, states
from tests.support.redis_server import RedisServer

CHANNEL = f"PJSIP/{ENDPOINT}-00000001"
EVERY = timedelta(minutes=5)
NAME = call_probe(NODE)


@pytest.fixture
def pool(redis_client: Redis) -> OperatorPool:
    """One operator, on duty and free."""
    found = checked_pool(redis_client)
    staff(found, profile("1001"))
    return found


@pytest.fixture
def server(tmp_path: Path, redis_server: RedisServer) -> Iterator[AgiServer]:
    """The FastAGI server as the program runs it."""
    with open_desk(agi_city(tmp_path, redis_server.url)) as desk, serve(desk) as running:
        yield running


def test_script_takes_no_operator(server: AgiServer, pool: OperatorPool, redis_client: Redis) -> None:
    """It greets and leaves its mark; no route, no operator, no place in line, no fact that would become a ticket."""
    caller = call(server.address, changes={"agi_channel": CHANNEL})
    caller.finish()

    assert ["greeting"] == caller.played()
    assert ["SET", "VARIABLE", "SIAGA112_DONE", "1"] == caller.commands[-1]
    assert "SIAGA112_ROUTE" not in caller.variables
    assert {"1001": OperatorState.AVAILABLE} == states(pool)
    assert [] == pool.waiting()
    assert 0 == redis_client.exists(CALL_STREAM)


def test_script_without_a_watcher(server: AgiServer, redis_client: Redis) -> None:
    """Where a caller would be left to the dialplan it leaves no mark."""
    caller = call(server.address, changes={"agi_channel": CHANNEL})
    caller.finish()

    assert "SIAGA112_DONE" not in caller.variables


def test_script_without_redis(server: AgiServer, redis_server: RedisServer) -> None:
    """The same."""
    redis_server.kill()
    caller = call(server.address, changes={"agi_channel": CHANNEL})
    caller.finish()

    assert "SIAGA112_DONE" not in caller.variables


class Late(OperatorPool):
    """One that nobody had come to when it was asked who is there."""

    def snapshot(self) -> list[OperatorStatus]:
        """Nobody."""
        return []


def test_operator_who_comes_meanwhile(tmp_path: Path, redis_server: RedisServer, pool: OperatorPool) -> None:
    """Who is claimed after all is let go at once: the phone is not kept from a caller."""
    with connect(redis_server.url) as redis, open_desk(agi_city(tmp_path, redis_server.url)) as desk:
        probed = Call(call_id="1718000000.12", caller=None, trunk="", did="112", node=NODE)
        decided = decides(probed, ScriptedLine(), replace(desk, pool=Late(redis)))

    assert decided
    assert {"1001": OperatorState.AVAILABLE} == states(pool)


@dataclass
class Town:
    """A clock, and a line that works or does not."""

    notes: ProbeNotes
    now: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)
    problem: str = ""
    placed: list[datetime] = field(default_factory=list)

    def clock(self) -> datetime:
        """The time."""
        return self.now

    def place(self) -> float:
        """A test call of 1.5 s."""
        self.placed.append(self.now)
        if self.problem:
            raise ProbeFailedError(self.problem)
        return 1.5

    def watch(self) -> CallWatch:
        """Who makes them."""
        return CallWatch(NODE, EVERY, self.notes, self.place, self.clock)

    def after(self, watch: CallWatch, later: timedelta) -> ProbeNote | None:
        """What is known when it has looked again after that time."""
        self.now += later
        watch.look()
        return self.notes.read(NAME)


@pytest.fixture
def town(redis_client: Redis) -> Town:
    """One whose line works."""
    return Town(ProbeNotes(redis_client))


def test_they_are_made_in_time(town: Town) -> None:
    """The first a minute after the start, then one each interval."""
    watch, began = town.watch(), town.now
    for _ in range(24):
        town.after(watch, timedelta(seconds=30))

    assert [began + FIRST_AFTER, began + FIRST_AFTER + EVERY, began + FIRST_AFTER + 2 * EVERY] == town.placed
    assert town.notes.read(NAME) == ProbeNote(town.placed[-1], took_s=1.5, passed_at=town.placed[-1])


def test_line_that_is_stopped(town: Town) -> None:
    """One that fails is made again at the next look, the second makes the alarm, said once; one that works ends it."""
    watch, soon = town.watch(), timedelta(seconds=LOOK_EVERY_S)
    with capture_logs() as said:
        well = town.after(watch, FIRST_AFTER)
        passed_at, town.problem = town.now, "no script said where the call goes"
        once = town.after(watch, EVERY)
        twice = town.after(watch, soon)
        failed_at = town.now
        town.after(watch, soon)
        town.problem = ""
        over = town.after(watch, soon)

    assert well == once == ProbeNote(passed_at, took_s=1.5, passed_at=passed_at)
    assert twice == ProbeNote(failed_at, "no script said where the call goes", passed_at=passed_at)
    assert over == ProbeNote(town.now, took_s=1.5, passed_at=town.now)
    assert ["probe.alarm", "probe.alarm_over"] == [line["event"] for line in said]


def test_alarm_outlives_the_watch(town: Town) -> None:
    """A watch that starts anew says neither an alarm again that is on, nor forgets to say that it is over."""
    town.notes.failed(NAME, town.now, "no script said where the call goes")
    watch = town.watch()
    with capture_logs() as said:
        town.after(watch, FIRST_AFTER)

    assert ["probe.alarm_over"] == [line["event"] for line in said]
