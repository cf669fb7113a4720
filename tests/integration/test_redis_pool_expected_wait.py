"""How long who waits will wait, as the last waits went."""

import pytest

from redis_queue.operators import Waiting
from redis_queue.pool import OperatorPool
from tests.support.pool import Clock, occupy, profile, staff, wait


def serve(pool: OperatorPool, clock: Clock, *intervals: float) -> None:
    """A line that is served after each of these times, and is never empty in between."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "c-0")
    talking = "busy-1"
    for number, seconds in enumerate(intervals):
        wait(pool, f"c-{number + 1}")
        for _ in range(round(seconds)):
            clock.advance(seconds / round(seconds))
            pool.keep_waiting(f"c-{number}")
            pool.keep_waiting(f"c-{number + 1}")
            pool.renew([talking])
        pool.ended(talking)
        pool.keep_waiting(f"c-{number}")
        talking = f"c-{number}"
        pool.answered("1", talking)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [((60,), None), ((60, 60), None), ((60, 30, 90), 60.0), ((5, 50, 5, 10), 5.0)],
)
def test_the_median_of_the_last_intervals_is_told(
    pool: OperatorPool, clock: Clock, intervals: tuple[float, ...], expected: float | None
) -> None:
    """Only when enough is known; one long call does not frighten everybody."""
    serve(pool, clock, *intervals)

    assert Waiting(1, expected) == pool.keep_waiting(f"c-{len(intervals)}")


def test_who_stands_further_back_waits_longer(pool: OperatorPool, clock: Clock) -> None:
    """One interval for each who is served before, and one's own."""
    serve(pool, clock, 60, 60, 60)

    assert Waiting(2, 120.0) == wait(pool, "second")


def test_an_empty_line_counts_for_nothing(pool: OperatorPool, clock: Clock) -> None:
    """A quiet hour between two busy ones is no hour of waiting."""
    serve(pool, clock, 60, 60, 60)
    pool.leave("c-3")
    for _ in range(600):
        clock.advance(6)
        pool.renew(["c-2"])
    wait(pool, "later")
    pool.ended("c-2")
    pool.keep_waiting("later")
    pool.answered("1", "later")

    assert Waiting(1, 60.0) == wait(pool, "next")
