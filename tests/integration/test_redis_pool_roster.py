"""The configuration changes while calls are up."""

import pytest
from redis import Redis

from redis_queue.operators import DialFailure
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import claim, profile, staff, states, status, talk

AVAILABLE, OFFLINE, PAUSED = OperatorState.AVAILABLE, OperatorState.OFFLINE, OperatorState.PAUSED
TALKING, WRAP_UP = OperatorState.TALKING, OperatorState.WRAP_UP


def test_a_new_roster_keeps_who_stays_as_they_are(pool: OperatorPool) -> None:
    """A reload of the configuration changes names and skills, not calls and wishes."""
    staff(pool, profile("1"), profile("2"), profile("3"))
    claim(pool, "call")
    talk(pool, "1", "call")
    pool.pause("2", "lunch")
    pool.set_roster([profile("1", name="New"), profile("2"), profile("4")])

    assert {"1": TALKING, "2": PAUSED, "4": OFFLINE} == states(pool)
    assert ("New", "lunch") == (status(pool, "1").name, status(pool, "2").reason)


@pytest.mark.parametrize(("auto_login", "after"), [(True, None), (False, OFFLINE)])
def test_the_same_roster_again_ends_neither_wrap_up_nor_bar(
    pool: OperatorPool, auto_login: bool, after: OperatorState | None
) -> None:
    """It is said at every look of the watcher; only a change that takes an operator off duty counts."""
    staff(pool, profile("1"), profile("2"))
    talk(pool, "1", "a")
    pool.ended("a", 20)
    claim(pool, "b", exclude=frozenset({"1"}))
    pool.failed("2", "b", DialFailure.BUSY)

    events = pool.set_roster([profile("1", auto_login=auto_login), profile("2", auto_login=auto_login)])

    assert {"1": after or WRAP_UP, "2": OFFLINE} == states(pool)
    assert ("busy" if auto_login else "off_duty") == status(pool, "2").reason
    assert auto_login == (events == ())


def test_who_left_the_roster_with_a_call_goes_after_it(pool: OperatorPool) -> None:
    """The call is not cut, and nobody else is given to that operator."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    talk(pool, "1", "call")
    pool.set_roster([profile("2")])
    assert {"1": TALKING, "2": AVAILABLE} == states(pool)

    pool.ended("call", 20)

    assert {"2": AVAILABLE} == states(pool)


def test_who_left_and_came_back_during_a_call_stays(pool: OperatorPool) -> None:
    """Two reloads in a row lose nobody."""
    staff(pool, profile("1"))
    talk(pool, "1", "call")
    pool.set_roster([])
    pool.set_roster([profile("1")])
    pool.ended("call")

    assert {"1": AVAILABLE} == states(pool)


def test_nothing_is_left_of_an_operator_that_is_gone(pool: OperatorPool, redis_client: Redis) -> None:
    """No key keeps a person who no longer works here."""
    staff(pool, profile("1"))
    talk(pool, "1", "call")
    pool.ended("call", 20)
    pool.set_roster([])

    assert ["siaga112:pool:watchers"] == redis_client.keys("*")
