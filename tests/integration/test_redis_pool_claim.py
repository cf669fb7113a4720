"""A claim from its beginning to wrap-up, and how one that became no call ends."""

from datetime import UTC, datetime, timedelta

import pytest

from redis_queue.operators import Claimed, DialFailure, Moved, Refusal, Refused
from redis_queue.pool import OperatorPool
from redis_queue.states import Cause, OperatorState
from tests.support.pool import NODE, TIMES, Clock, claim, profile, staff, states, status, talk

AVAILABLE, OFFLINE, PAUSED = OperatorState.AVAILABLE, OperatorState.OFFLINE, OperatorState.PAUSED
RESERVED, RINGING, TALKING = OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING
WRAP_UP = OperatorState.WRAP_UP


def test_a_call_from_claim_to_wrap_up(pool: OperatorPool, clock: Clock) -> None:
    """Each step shows in the snapshot, and the operator is free when wrap-up is over."""
    staff(pool, profile("1"))
    seen = []
    for step in (
        lambda: claim(pool, "call"),
        lambda: pool.ringing("1", "call"),
        lambda: pool.answered("1", "call"),
        lambda: pool.ended("call", wrap_up_s=20),
        lambda: clock.advance(20),
        pool.expire,
    ):
        step()
        seen.append(status(pool, "1").state)

    assert [RESERVED, RINGING, TALKING, WRAP_UP, WRAP_UP, AVAILABLE] == seen


def test_the_snapshot_says_who_since_when_with_whom(pool: OperatorPool, clock: Clock) -> None:
    """What the operator list shows."""
    staff(pool, profile("2"), profile("1", name="Sri"))
    clock.advance(60)
    claim(pool, "call", exclude=frozenset({"2"}))

    one, two = pool.snapshot()
    start = datetime.fromtimestamp(1_800_000_000, UTC)
    assert ("1", "Sri", "call", start + timedelta(seconds=60)) == (one.extension, one.name, one.call_id, one.since)
    assert ("2", None, start, "") == (two.extension, two.call_id, two.since, two.reason)


@pytest.mark.parametrize("steps", [0, 1], ids=["reserved", "ringing"])
def test_a_claim_whose_call_vanished_ends_with_its_lease(pool: OperatorPool, clock: Clock, steps: int) -> None:
    """A script that died after claiming holds the operator for one lease, no longer and no shorter."""
    staff(pool, profile("1"))
    claim(pool, "call")
    for _ in range(steps):
        pool.ringing("1", "call")
    clock.advance(29.999)
    assert () == pool.expire()
    clock.advance(0.001)

    assert (Moved("1", (RESERVED, RINGING)[steps], AVAILABLE, Cause.LEASE_OVER, "call"),) == pool.expire()
    assert () == pool.expire()


def test_a_talk_lives_as_long_as_it_is_renewed(pool: OperatorPool, clock: Clock) -> None:
    """An hour's call keeps its operator; one that nobody sees any more does not."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    for _ in range(120):
        clock.advance(29)
        pool.renew(["call", "not ours"])
        assert () == pool.expire()
    clock.advance(30)

    assert (Moved("1", TALKING, AVAILABLE, Cause.LEASE_OVER, "call"),) == pool.expire()


def test_renewing_a_call_does_not_hold_a_claim_that_never_rang(pool: OperatorPool, clock: Clock) -> None:
    """The caller's channel is up while a dead script holds the claim: the operator is freed all the same."""
    staff(pool, profile("1"))
    claim(pool, "call")
    clock.advance(29)
    pool.renew(["call"])
    clock.advance(1)
    pool.expire()

    assert AVAILABLE == states(pool)["1"]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(DialFailure.BUSY, "busy"), (DialFailure.CHANUNAVAIL, "chanunavail"), (DialFailure.CONGESTION, "congestion")],
)
def test_a_phone_that_could_not_be_rung_is_left_alone_for_a_while(
    pool: OperatorPool, clock: Clock, failure: DialFailure, reason: str
) -> None:
    """The same phone is not claimed again at once, but the caller may wait for it."""
    staff(pool, profile("1"))
    claim(pool, "call")
    pool.failed("1", "call", failure)

    assert (OFFLINE, reason, None) == (status(pool, "1").state, status(pool, "1").reason, status(pool, "1").call_id)
    assert Refused(Refusal.BUSY) == claim(pool, "call")
    clock.advance(TIMES.bar_ms / 1000)
    assert Claimed("1") == claim(pool, "call")


def test_a_phone_that_could_not_be_rung_after_its_operator_left_has_no_bar(pool: OperatorPool) -> None:
    """Logged out while it rang: off duty is what is shown, and what stays."""
    staff(pool, profile("1"))
    claim(pool, "call")
    pool.logout("1")
    pool.failed("1", "call", DialFailure.BUSY)

    assert "off_duty" == status(pool, "1").reason


def test_a_phone_that_rings_for_somebody_else_renews_no_claim(pool: OperatorPool) -> None:
    """The fallback rings all phones; the claim is of the call that made it."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")

    assert ((), ()) == (pool.ringing("1", "other"), pool.ringing("2", "other"))
    assert {"1": RESERVED, "2": AVAILABLE} == states(pool)


def test_a_phone_that_comes_back_ends_its_bar(pool: OperatorPool) -> None:
    """A phone that was restarted is free at once; saying again that it is there is no coming back."""
    staff(pool, profile("1"))
    claim(pool, "call")
    pool.failed("1", "call", DialFailure.CHANUNAVAIL)
    pool.set_reachable("1", True, node=NODE)
    assert OFFLINE == states(pool)["1"]
    pool.set_reachable("1", False, node=NODE)
    pool.set_reachable("1", True, node=NODE)

    assert AVAILABLE == states(pool)["1"]


def test_who_does_not_answer_twice_in_a_row_is_paused_and_said(pool: OperatorPool) -> None:
    """The second unanswered call pauses, with a reason, until the operator resumes."""
    staff(pool, profile("1"))
    events = []
    for call_id in ("a", "b"):
        claim(pool, call_id)
        events.append(pool.failed("1", call_id, DialFailure.NOANSWER))

    assert (Moved("1", RESERVED, AVAILABLE, Cause.NO_ANSWER, "a"),) == events[0]
    assert (Moved("1", RESERVED, PAUSED, Cause.NO_ANSWER, "b", "no_answer"),) == events[1]
    assert "no_answer" == status(pool, "1").reason
    pool.resume("1")
    assert Claimed("1") == claim(pool, "c")
    assert AVAILABLE == pool.failed("1", "c", DialFailure.NOANSWER)[0].after


def test_an_answer_between_forgives_the_one_before(pool: OperatorPool) -> None:
    """Only unanswered calls in a row count."""
    staff(pool, profile("1"))
    claim(pool, "a")
    pool.failed("1", "a", DialFailure.NOANSWER)
    claim(pool, "b")
    talk(pool, "1", "b")
    pool.ended("b")
    claim(pool, "c")
    pool.failed("1", "c", DialFailure.NOANSWER)

    assert AVAILABLE == states(pool)["1"]


def test_a_failure_of_a_claim_that_is_no_more_changes_nothing(pool: OperatorPool) -> None:
    """Script and watcher may both report it, late, or of another call; an answered call cannot fail."""
    staff(pool, profile("1"))
    claim(pool, "a")
    pool.failed("1", "a", DialFailure.NOANSWER)

    assert () == pool.failed("1", "a", DialFailure.NOANSWER)
    claim(pool, "b")
    assert () == pool.failed("1", "a", DialFailure.BUSY)
    talk(pool, "1", "b")
    assert () == pool.failed("1", "b", DialFailure.NOANSWER)
    assert () == pool.ringing("1", "b")
    assert TALKING == states(pool)["1"]
