"""Whom a call gets: the best free operator; and what it is told when there is none."""

import pytest

from redis_queue.operators import Claimed, OperatorProfile, Refusal, Refused
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import Clock, claim, profile, staff, states, talk

AVAILABLE, RESERVED = OperatorState.AVAILABLE, OperatorState.RESERVED


@pytest.mark.parametrize(
    ("label", "profiles", "expected"),
    [
        ("skill before language", [profile("1", languages=("id",)), profile("2", skills=("medis",))], "2"),
        ("language before idle time", [profile("1", languages=("en",)), profile("2", languages=("en", "id"))], "2"),
        ("a supervisor last", [profile("1", skills=("medis",), supervisor=True), profile("2")], "2"),
        ("a supervisor where there is nobody else", [profile("1", supervisor=True)], "1"),
        ("part of a code is not the code", [profile("1"), profile("2", skills=("medis",))], "2"),
        ("a longer code is not the code", [profile("1"), profile("2", skills=("medisa",))], "1"),
    ],
)
def test_the_best_free_operator_is_claimed(
    pool: OperatorPool, label: str, profiles: list[OperatorProfile], expected: str
) -> None:
    """Skill, then language, then the rest; supervisors are the reserve."""
    staff(pool, *profiles)

    assert Claimed(expected) == claim(pool, "call"), label


def test_the_longest_idle_is_next(pool: OperatorPool, clock: Clock) -> None:
    """Idle time counts from the end of the last call, so that work is shared."""
    staff(pool, profile("1"), profile("2"))
    for call_id, extension in (("a", "1"), ("b", "2")):
        assert Claimed(extension) == claim(pool, call_id)
        talk(pool, extension, call_id)
    clock.advance(1)
    pool.ended("b")
    clock.advance(1)
    pool.ended("a")

    assert Claimed("2") == claim(pool, "c")


def test_a_claim_that_came_to_nothing_costs_nobody_their_turn(pool: OperatorPool, clock: Clock) -> None:
    """A caller who hangs up before the phone rings leaves the operator first in line for the next."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "gone")
    clock.advance(1)
    pool.ended("gone")

    assert Claimed("1") == claim(pool, "next")


def test_a_call_that_asks_again_gets_the_same_operator(pool: OperatorPool) -> None:
    """An answer that was lost and asked for again takes no second operator."""
    staff(pool, profile("1"), profile("2"))

    assert [Claimed("1"), Claimed("1")] == [claim(pool, "call"), claim(pool, "call")]
    assert AVAILABLE == states(pool)["2"]


def test_an_excluded_operator_is_given_back_and_another_claimed(pool: OperatorPool) -> None:
    """The second try never goes to the phone of the first, even when its failure was not reported."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")

    assert Claimed("2") == claim(pool, "call", exclude=frozenset({"1"}))
    assert {"1": AVAILABLE, "2": RESERVED} == states(pool)


@pytest.mark.parametrize(
    ("label", "wish", "expected"),
    [
        ("talking", None, Refusal.BUSY),
        ("logs out after it", "logout", Refusal.BUSY),
        ("is gone after it", "roster", Refusal.NOBODY),
    ],
)
def test_busy_means_that_somebody_will_be_free(
    pool: OperatorPool, label: str, wish: str | None, expected: Refusal
) -> None:
    """Who waits for an operator that takes no further call would wait for ever."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    if wish == "roster":
        pool.set_roster([])
    elif wish is not None:
        getattr(pool, wish)("1")

    assert Refused(expected) == claim(pool, "next"), label


def test_nobody_means_nobody_but_the_excluded(pool: OperatorPool) -> None:
    """The last one tried and excluded: go to the fallback, do not wait."""
    staff(pool, profile("1"), profile("2", auto_login=False))

    assert Refused(Refusal.NOBODY) == claim(pool, "call", exclude=frozenset({"1"}))


def test_an_empty_roster_has_nobody(pool: OperatorPool) -> None:
    """No operators is an answer, no error."""
    staff(pool)

    assert Refused(Refusal.NOBODY) == claim(pool, "call")
    assert [] == pool.snapshot()


def test_without_a_watcher_the_pool_is_blind(pool: OperatorPool, clock: Clock) -> None:
    """When the heartbeat stops nobody is called free, from the moment that it lapses."""
    staff(pool, profile("1"), watched_s=5)
    clock.advance(4.999)
    assert pool.watcher_alive()
    clock.advance(0.001)

    assert not pool.watcher_alive()
    assert Refused(Refusal.BLIND) == claim(pool, "call")
    assert AVAILABLE == states(pool)["1"]
