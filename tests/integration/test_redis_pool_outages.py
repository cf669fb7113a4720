"""The pool without its watcher, its scripts, its server, its callers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from redis_queue.errors import UnavailableError
from redis_queue.operators import CallerGone, Claimed, DialFailure, Moved
from redis_queue.pool import OperatorPool
from redis_queue.states import Cause, OperatorState
from tests.support.pool import NODE, TIMES, Clock, checked_pool, claim, profile, staff, states, status, talk
from tests.support.pool_keys import check_indexes, check_leases
from tests.support.redis_server import RedisServer

AVAILABLE, RESERVED, RINGING = OperatorState.AVAILABLE, OperatorState.RESERVED, OperatorState.RINGING
PAUSED, TALKING = OperatorState.PAUSED, OperatorState.TALKING


def test_after_a_time_without_a_watcher_talks_are_not_taken_for_ended(pool: OperatorPool, clock: Clock) -> None:
    """Redis or the watcher away for a minute: the first heartbeat gives a lease to say which calls are still up."""
    staff(pool, profile("1"), profile("2"), watched_s=5)
    claim(pool, "call")
    talk(pool, "1", "call")
    clock.advance(60)
    pool.expire()
    pool.heartbeat("node", 60)
    pool.expire()
    assert TALKING == states(pool)["1"]

    clock.advance(30)
    pool.expire()

    assert AVAILABLE == states(pool)["1"]


def test_the_pool_outlives_a_killed_redis(redis_server: RedisServer, pool: OperatorPool) -> None:
    """States, wishes and scripts: all that was acknowledged is there after kill -9, without a reconnect of ours."""
    staff(pool, profile("1"), profile("2"), profile("3"))
    claim(pool, "call")
    pool.ringing("1", "call")
    pool.pause("3")
    redis_server.restart()

    assert {"1": RINGING, "2": AVAILABLE, "3": PAUSED} == states(pool)
    assert Claimed("1") == claim(pool, "call")


def test_a_claim_finds_its_connection_closed(redis_client: Redis, pool: OperatorPool) -> None:
    """As a Redis with `timeout`, or a firewall, closes what is idle: nobody is refused for it."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    redis_client.client_kill_filter(_type="normal", skipme=True)

    assert Claimed("2") == claim(pool, "other-call")


def test_after_many_claims_in_vain_the_next_are_served(redis_server: RedisServer, pool: OperatorPool) -> None:
    """However long Redis was away: no connection that was dropped is missing afterwards."""
    staff(pool, *(profile(str(number)) for number in range(9)))
    claim(pool, "call")
    redis_server.kill()
    for number in range(120):
        with pytest.raises(UnavailableError):
            claim(pool, f"in-vain-{number}")
    redis_server.start()
    with ThreadPoolExecutor(5) as callers:
        given = list(callers.map(lambda number: claim(pool, f"call-{number}"), range(5)))

    assert 5 == len({one.extension for one in given if isinstance(one, Claimed)})


def test_a_claim_is_forgotten_with_redis_until_the_phone_rings(
    redis_server: RedisServer, redis_client: Redis, pool: OperatorPool
) -> None:
    """It waits for no disk; Redis killed in that moment leaves a pool that is whole, and the answer sets it right."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    redis_server.restart()

    assert {"1": AVAILABLE, "2": AVAILABLE} == states(pool)
    check_indexes(redis_client, pool.snapshot())

    pool.ringing("1", "call")
    pool.answered("1", "call")

    assert {"1": TALKING, "2": AVAILABLE} == states(pool)


@pytest.mark.parametrize("last", ["failed", "left", "ended"])
def test_what_follows_a_claim_is_kept_as_a_whole(
    redis_server: RedisServer, redis_client: Redis, pool: OperatorPool, last: str
) -> None:
    """However far the call came before Redis was killed, no index tells of another time than the records."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    if last == "failed":
        pool.failed("1", "call", DialFailure.BUSY)
    elif last == "left":
        pool.leave("call")
    else:
        pool.ringing("1", "call")
        pool.answered("1", "call")
        pool.ended("call")
    before = pool.snapshot()
    redis_server.restart()

    assert before == pool.snapshot()
    check_indexes(redis_client, pool.snapshot())
    check_leases(redis_client, pool.snapshot())


def test_a_server_that_forgot_the_scripts_is_taught_again(pool: OperatorPool, redis_client: Redis) -> None:
    """SCRIPT FLUSH or a failover costs nothing."""
    staff(pool, profile("1"))
    redis_client.script_flush()

    assert Claimed("1") == claim(pool, "call")


def test_a_frozen_redis_is_said_in_time(redis_server: RedisServer, pool: OperatorPool) -> None:
    """A claim never hangs: the script has the rest of its 3 s for the fallback."""
    staff(pool, profile("1"))
    redis_server.freeze()

    with pytest.raises(UnavailableError):
        claim(pool, "call")


def test_the_servers_own_clock_is_used_when_none_is_given(redis_client: Redis) -> None:
    """All machines agree on the time because none uses its own."""
    pool = checked_pool(redis_client)
    staff(pool, profile("1"))
    seconds, _ = redis_client.time()

    assert abs(status(pool, "1").since - datetime.fromtimestamp(seconds, UTC)) < timedelta(seconds=60)


def test_a_caller_who_died_while_assigned_is_said(pool: OperatorPool, clock: Clock) -> None:
    """An operator assigned to a script that never asks again is free after the waiting lease, not the long one."""
    staff(pool, profile("1"))
    talk(pool, "1", "call")
    pool.wait("next", priority=1, language="", category="", node=NODE)
    pool.ended("call")
    assert RESERVED == states(pool)["1"]
    clock.advance(TIMES.waiting_lease_ms / 1000)

    assert () == pool.ended("call")
    events = pool.expire()

    assert (CallerGone("next"), Moved("1", RESERVED, AVAILABLE, Cause.LEASE_OVER, "next")) == events
