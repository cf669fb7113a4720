"""A night with one operator: whatever that one does or fails to do, callers are not left alone with music."""

import pytest

from redis_queue.operators import Claimed, DialFailure, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, TIMES, Clock, claim, occupy, profile, staff, states, status, talk, wait


def leave_unanswered(pool: OperatorPool, extension: str, *call_ids: str) -> None:
    """Have the operator claimed by these calls and answer none of them."""
    for call_id in call_ids:
        others = frozenset(states(pool).keys() - {extension})
        assert Claimed(extension) == claim(pool, call_id, exclude=others)
        pool.failed(extension, call_id, DialFailure.NOANSWER)


def test_the_only_operator_is_rung_even_when_paused_for_not_answering(pool: OperatorPool) -> None:
    """The pause is said and shown; the next caller's phone call is the only chance there is, so it rings."""
    staff(pool, profile("1"))
    leave_unanswered(pool, "1", "a", "b")
    assert (OperatorState.PAUSED, "no_answer") == (status(pool, "1").state, status(pool, "1").reason)

    assert Claimed("1") == claim(pool, "c")


def test_an_answer_ends_a_pause_that_nobody_asked_for(pool: OperatorPool) -> None:
    """By a claim or by the fallback: who answers is there."""
    staff(pool, profile("1"), profile("2"))
    leave_unanswered(pool, "1", "a", "b")
    pool.answered("1", "fallback")
    pool.ended("fallback")

    assert OperatorState.AVAILABLE == states(pool)["1"]


def test_an_answer_does_not_end_a_pause_that_was_asked_for(pool: OperatorPool) -> None:
    """The fallback rings paused phones too; who answers one is still at lunch."""
    staff(pool, profile("1"), profile("2"))
    pool.pause("1", "lunch")
    pool.answered("1", "fallback")
    pool.ended("fallback")

    assert OperatorState.PAUSED == states(pool)["1"]


def test_who_paused_alone_is_left_alone(pool: OperatorPool) -> None:
    """A wish is a wish: the caller goes to the fallback, which rings that phone in the end."""
    staff(pool, profile("1"))
    pool.pause("1", "lunch")

    assert Refused(Refusal.NOBODY) == claim(pool, "call")


@pytest.mark.parametrize(("wish", "after"), [("pause", OperatorState.PAUSED), ("logout", OperatorState.OFFLINE)])
def test_who_asks_to_go_in_a_call_leaves_no_line_behind(pool: OperatorPool, wish: str, after: OperatorState) -> None:
    """Whoever waits then, or comes during that call, keeps the place and is served in order; only then it is done."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "less urgent", priority=3)
    wait(pool, "first", priority=2)
    getattr(pool, wish)("1")
    assert [Waiting(1), Waiting(2)] == [pool.keep_waiting("first"), pool.keep_waiting("less urgent")]
    assert Refused(Refusal.BUSY) == claim(pool, "urgent")
    assert Waiting(1) == wait(pool, "urgent", priority=1)

    served = []
    pool.ended("busy-1", 20)
    for call_id in ("urgent", "first", "less urgent"):
        served.append(pool.keep_waiting(call_id))
        talk(pool, "1", call_id)
        pool.ended(call_id, 20)

    assert [Claimed("1")] * 3 == served
    assert after == states(pool)["1"]
    assert Refused(Refusal.NOBODY) == claim(pool, "later")


@pytest.mark.parametrize(("wish", "after"), [("pause", OperatorState.PAUSED), ("logout", OperatorState.OFFLINE)])
def test_who_asked_to_go_serves_the_line_when_the_phone_is_put_down(
    pool: OperatorPool, wish: str, after: OperatorState
) -> None:
    """The end of the call is told before that of the phone: who waits keeps the place, and then the operator goes."""
    staff(pool, profile("1"))
    pool.set_reachable("1", True, node=NODE, in_use=True)
    occupy(pool, "1")
    wait(pool, "waits")
    getattr(pool, wish)("1")
    pool.ended("busy-1", 20)
    assert Waiting(1) == pool.keep_waiting("waits")
    pool.set_reachable("1", True, node=NODE)
    served = pool.keep_waiting("waits")
    talk(pool, "1", "waits")
    pool.set_reachable("1", True, node=NODE, in_use=True)
    pool.ended("waits", 20)
    pool.set_reachable("1", True, node=NODE)

    assert (Claimed("1"), after) == (served, states(pool)["1"])
    assert Refused(Refusal.NOBODY) == claim(pool, "later")


def test_who_asks_to_go_goes_when_others_are_on_duty(pool: OperatorPool) -> None:
    """Who waits has somebody: the colleague, or whom a long wait asks."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    wait(pool, "waits")
    pool.pause("1")
    pool.ended("busy-1", 20)

    assert OperatorState.PAUSED == states(pool)["1"]
    assert Waiting(1) == pool.keep_waiting("waits")


def test_who_asked_to_go_and_lets_it_ring_is_gone(pool: OperatorPool) -> None:
    """One phone that rings in vain is enough: the others in line go to the fallback, and reach somebody there."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "first")
    wait(pool, "second")
    pool.logout("1")
    pool.ended("busy-1", 20)
    assert Claimed("1") == pool.keep_waiting("first")
    pool.failed("1", "first", DialFailure.NOANSWER)

    assert OperatorState.OFFLINE == states(pool)["1"]
    assert Refused(Refusal.NOBODY) == pool.keep_waiting("second")


def test_who_thinks_better_of_it_stays(pool: OperatorPool) -> None:
    """On duty again before the call is over: as if nothing had been said."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    pool.logout("1")
    pool.login("1")
    pool.ended("busy-1")

    assert OperatorState.AVAILABLE == states(pool)["1"]


def test_after_a_long_wait_who_asked_to_go_is_still_there(pool: OperatorPool, clock: Clock) -> None:
    """The overflow asks more people, never fewer."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "waits")
    pool.pause("1")
    for _ in range(12):
        pool.keep_waiting("waits")
        clock.advance(TIMES.overflow_ms / 12_000)
        pool.renew(["busy-1"])
    pool.ended("busy-1")

    assert Claimed("1") == pool.keep_waiting("waits")


def test_others_on_duty_come_first(pool: OperatorPool) -> None:
    """While a colleague only talks the paused one is not rung; a supervisor goes before, too."""
    staff(pool, profile("1"), profile("2"), profile("9", supervisor=True))
    leave_unanswered(pool, "1", "a", "b")
    occupy(pool, "2")
    assert Refused(Refusal.BUSY) == claim(pool, "c")
    pool.logout("2")
    pool.ended("busy-2")

    assert [Claimed("9"), Refused(Refusal.BUSY)] == [claim(pool, "c"), claim(pool, "d")]


def test_the_last_colleague_goes_and_the_paused_one_is_rung(pool: OperatorPool) -> None:
    """Who waits for the colleague is given at once to the only one left."""
    staff(pool, profile("1"), profile("2"))
    leave_unanswered(pool, "1", "a", "b")
    occupy(pool, "2")
    assert Waiting(1) == wait(pool, "waits")
    pool.logout("2")

    assert Claimed("1") == pool.keep_waiting("waits")


def test_after_a_long_wait_everybody_is_rung(pool: OperatorPool, clock: Clock) -> None:
    """The overflow asks who was paused for not answering as well, after the supervisors."""
    staff(pool, profile("1"), profile("2"), profile("9", supervisor=True))
    leave_unanswered(pool, "1", "a", "b")
    occupy(pool, "2")
    wait(pool, "first")
    wait(pool, "second")
    for _ in range(12):
        assert [Waiting(1), Waiting(2)] == [pool.keep_waiting("first"), pool.keep_waiting("second")]
        clock.advance(TIMES.overflow_ms / 12_000)
        pool.renew(["busy-2"])
    pool.expire()

    assert [Claimed("9"), Claimed("1")] == [pool.keep_waiting("first"), pool.keep_waiting("second")]


def test_each_caller_tries_the_only_operator_once(pool: OperatorPool) -> None:
    """Who was tried for a call is excluded from it: that caller goes on to the fallback, which rings everybody."""
    staff(pool, profile("1"))
    claim(pool, "call")
    pool.failed("1", "call", DialFailure.NOANSWER)

    assert Refused(Refusal.NOBODY) == claim(pool, "call", exclude=frozenset({"1"}))


@pytest.mark.parametrize("waiting", [1, 2])
def test_the_only_operators_wrap_up_ends_for_who_waits(pool: OperatorPool, waiting: int) -> None:
    """Nobody listens to music while the only operator rests."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    for number in range(waiting):
        wait(pool, f"waits-{number}")
    pool.ended("call", 20)

    assert Claimed("1") == pool.keep_waiting("waits-0")


def test_the_only_operators_wrap_up_ends_for_who_comes(pool: OperatorPool) -> None:
    """The same for a caller who comes during the wrap-up."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    pool.ended("call", 20)

    assert Claimed("1") == claim(pool, "next")
