"""Who calls again soon talks with the same operator, if that one is free."""

import pytest
from redis import Redis

from redis_queue.operators import Claimed, DialFailure, PoolTimes
from redis_queue.pool import OperatorPool
from tests.support.pool import TIMES, Clock, checked_pool, claim, occupy, profile, staff, talk, wait

NUMBER = "+6281234567890"
OTHER = "+6281234567891"


def talked(pool: OperatorPool, extension: str, number: str = NUMBER, wrap_up_s: float = 0.0) -> None:
    """A call from its claim to its end, whoever else might have been chosen."""
    others = frozenset({"1", "2", "3"} - {extension})
    assert Claimed(extension) == claim(pool, "before", number=number, exclude=others)
    talk(pool, extension, "before")
    pool.ended("before", wrap_up_s)


def test_who_calls_again_gets_the_operator_of_before(pool: OperatorPool, clock: Clock) -> None:
    """Before skill, language and idle time, for as long as was set, counted from the end of the call."""
    staff(pool, profile("1", skills=("medis",)), profile("2"))
    talked(pool, "2")
    clock.advance(TIMES.same_operator_ms / 1000 - 0.001)

    assert Claimed("2") == claim(pool, "again", number=NUMBER)


def test_a_long_time_after_it_is_anybody(pool: OperatorPool, clock: Clock, redis_client: Redis) -> None:
    """What is kept of a caller has an end, on the server too."""
    staff(pool, profile("1"))
    talked(pool, "1")

    left_ms = redis_client.pttl(f"siaga112:pool:talked:{NUMBER}")

    assert 0 < left_ms <= TIMES.same_operator_ms


@pytest.mark.parametrize(("label", "number"), [("another", OTHER), ("withheld", "")])
def test_others_get_whoever_is_next(pool: OperatorPool, clock: Clock, label: str, number: str) -> None:
    """A caller without a number is nobody's caller of before, even of a call without a number."""
    staff(pool, profile("1"), profile("2"))
    talked(pool, "2", number=NUMBER if number else "")
    clock.advance(1)

    assert Claimed("1") == claim(pool, "other", number=number), label


def test_an_operator_who_writes_down_that_very_call_is_free_for_its_caller(pool: OperatorPool) -> None:
    """A line that broke: who calls back at once interrupts no other caller's wrap-up, but this one's."""
    staff(pool, profile("1"), profile("2"), profile("3"))
    talked(pool, "2", wrap_up_s=20)

    assert Claimed("1") == claim(pool, "another", number=OTHER)
    assert Claimed("2") == claim(pool, "again", number=NUMBER)


@pytest.mark.parametrize("what", ["talks", "wraps up another's call", "paused", "tried already", "gone"])
def test_nobody_waits_for_the_operator_of_before(pool: OperatorPool, what: str) -> None:
    """The first human is better than the known one."""
    staff(pool, profile("1"), profile("2"))
    talked(pool, "2")
    if what == "talks":
        occupy(pool, "2")
    if what == "wraps up another's call":
        talked(pool, "2", number=OTHER, wrap_up_s=20)
    if what == "paused":
        pool.pause("2")
    if what == "gone":
        pool.set_reachable("2", False, node="node")
    exclude = frozenset({"2"}) if what == "tried already" else frozenset[str]()

    assert Claimed("1") == claim(pool, "again", number=NUMBER, exclude=exclude)


def test_who_waits_is_given_to_the_operator_of_before(pool: OperatorPool) -> None:
    """In line too: when both are freed, each of the two gets whom they know, whatever the idle time."""
    staff(pool, profile("1"), profile("2"))
    talked(pool, "2")
    occupy(pool, "1", "2")
    wait(pool, "again", number=NUMBER)
    pool.set_reachable("1", False, node="node")
    pool.ended("busy-1")
    pool.ended("busy-2")

    assert Claimed("2") == pool.keep_waiting("again")


def test_a_supervisor_who_took_the_call_takes_it_again(pool: OperatorPool) -> None:
    """Whoever helped out knows the caller."""
    staff(pool, profile("1"), profile("2", supervisor=True))
    occupy(pool, "1")
    pool.logout("1")
    talked(pool, "2")
    pool.ended("busy-1")
    pool.login("1")

    assert Claimed("2") == claim(pool, "again", number=NUMBER)


def test_a_call_that_the_fallback_gave_to_another_is_that_ones(pool: OperatorPool) -> None:
    """The last who talked with the caller counts, not who was claimed."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "before", number=NUMBER)
    pool.answered("2", "before")
    pool.ended("before")

    assert Claimed("2") == claim(pool, "again", number=NUMBER)


def test_a_claim_that_nobody_answered_binds_nobody(pool: OperatorPool, clock: Clock) -> None:
    """Only who talked with the caller knows the caller."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "before", number=NUMBER)
    clock.advance(1)
    pool.failed("1", "before", DialFailure.NOANSWER)

    assert Claimed("2") == claim(pool, "again", number=NUMBER)


def test_zero_minutes_mean_never(redis_client: Redis, clock: Clock) -> None:
    """A city that does not want it keeps nothing."""
    pool = checked_pool(redis_client, clock, PoolTimes(same_operator_ms=0))
    staff(pool, profile("1"), profile("2"))
    talked(pool, "2")
    clock.advance(1)

    assert Claimed("1") == claim(pool, "again", number=NUMBER)
    assert [] == redis_client.keys("siaga112:pool:talked:*")
