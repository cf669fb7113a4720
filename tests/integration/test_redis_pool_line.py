"""What waiting callers are promised: their turn, at once, and no waiting without an end."""

import pytest
from redis import Redis

from redis_queue.operators import Claimed, DialFailure, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, TIMES, Clock, occupy, profile, staff, states, wait


def claim(pool: OperatorPool, call_id: str, priority: int = 2) -> Claimed | Refused:
    """Claim as a newcomer."""
    return pool.claim(call_id, language="id", category="", priority=priority, node=NODE)


def line(pool: OperatorPool) -> list[str]:
    """The calls in line, next first."""
    return [caller.call_id for caller in pool.waiting()]


def test_the_line_is_by_priority_then_arrival(pool: OperatorPool, clock: Clock) -> None:
    """Who is more urgent stands before who came earlier; the same urgency, who came earlier."""
    staff(pool, profile("1"))
    occupy(pool, "1")

    positions = [
        wait(pool, "b", priority=2),
        wait(pool, "early", priority=2, arrived_ms=clock() - 10_000),
        wait(pool, "urgent", priority=1),
        wait(pool, "idle", priority=3, arrived_ms=clock() - 60_000),
    ]

    assert [Waiting(1), Waiting(1), Waiting(1), Waiting(4)] == positions
    assert ["urgent", "early", "b", "idle"] == line(pool)
    assert [1, 2, 3, 4] == [caller.position for caller in pool.waiting()]
    assert Waiting(3) == pool.keep_waiting("b")


def test_who_stands_in_line_again_keeps_the_place(pool: OperatorPool, clock: Clock) -> None:
    """A script that repeats itself after a lost answer sends nobody to the end."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    for call_id in ("first", "second"):
        wait(pool, call_id)
        clock.advance(1)

    assert Waiting(1) == wait(pool, "first")
    assert ["first", "second"] == line(pool)


def test_who_is_put_behind_waits_after_those_of_the_same_urgency(pool: OperatorPool) -> None:
    """Those who are less urgent still come later. Asking again changes nothing."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "silent", priority=1, behind=True)
    wait(pool, "second", priority=1)
    wait(pool, "lamp", priority=3)
    wait(pool, "silent", priority=1, behind=True)

    assert ["second", "silent", "lamp"] == line(pool)
    assert Waiting(2) == pool.keep_waiting("silent")


def test_who_is_put_behind_is_overtaken_for_a_minute_only(pool: OperatorPool, clock: Clock) -> None:
    """With a new caller every half minute the silent one has its turn all the same."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    began = clock() - 300_000
    wait(pool, "silent", priority=1, behind=True, arrived_ms=began)
    for seconds in (29, 59, 89, 119):
        wait(pool, f"after {seconds}", priority=1, arrived_ms=began + seconds * 1000)

    assert ["after 29", "after 59", "silent", "after 89", "after 119"] == line(pool)


def test_a_sign_of_life_goes_to_the_front(pool: OperatorPool) -> None:
    """Before all of the same urgency, whenever it comes and however often; the others keep their places."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "first", priority=2)
    wait(pool, "silent", priority=2, behind=True)
    wait(pool, "third", priority=2)
    wait(pool, "fire", priority=1)
    for call_id in ("silent", "silent", "first", "nobody"):
        pool.promote(call_id)
    wait(pool, "silent", priority=2, behind=True)

    assert ["fire", "silent", "first", "third"] == line(pool)


def test_who_stands_behind_is_still_served(pool: OperatorPool) -> None:
    """A free operator never waits for a louder caller."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "silent", priority=1, behind=True)
    pool.ended("busy-1")

    assert Claimed("1") == pool.keep_waiting("silent")


def test_what_the_line_knows_of_a_caller(pool: OperatorPool, clock: Clock) -> None:
    """Everything that was said comes back."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    pool.wait("call", priority=1, language="en", category="medis", node=NODE, exclude=frozenset({"1", "9"}))

    (caller,) = pool.waiting()

    assert ("call", 1, 1, "en", "medis", NODE, clock() / 1000, frozenset({"1", "9"})) == (
        caller.call_id,
        caller.position,
        caller.priority,
        caller.language,
        caller.category,
        caller.node,
        caller.arrived.timestamp(),
        caller.exclude,
    )


@pytest.mark.parametrize(
    "how",
    ["ended", "wrap-up", "no answer", "resumed", "logged in", "reachable", "bar over", "roster", "left", "taken over"],
)
def test_whoever_becomes_free_gets_the_first_in_line(pool: OperatorPool, clock: Clock, how: str) -> None:
    """In whatever way an operator becomes free, it is given in that same step to who waits, first in line first."""
    staff(pool, profile("1"), profile("2", auto_login=False), profile("3"))
    pool.set_reachable("3", False, node=NODE)
    occupy(pool, "1")
    if how in ("no answer", "left", "taken over"):
        pool.ended("busy-1")
        claim(pool, "claimer")
    if how == "bar over":
        pool.ended("busy-1")
        claim(pool, "claimer")
        pool.failed("1", "claimer", DialFailure.BUSY)
    if how == "resumed":
        pool.login("2")
        pool.pause("2")
    wait(pool, "first")
    wait(pool, "second")

    {
        "ended": lambda: pool.ended("busy-1"),
        "wrap-up": lambda: pool.ended("busy-1", 20),
        "no answer": lambda: pool.failed("1", "claimer", DialFailure.NOANSWER),
        "resumed": lambda: pool.resume("2"),
        "logged in": lambda: pool.login("2"),
        "reachable": lambda: pool.set_reachable("3", True, node=NODE),
        "bar over": lambda: (clock.advance(TIMES.bar_ms / 1000), pool.expire()),
        "roster": lambda: pool.set_roster([profile("1"), profile("2", auto_login=True)]),
        "left": lambda: pool.leave("claimer"),
        "taken over": lambda: pool.answered("3", "claimer"),
    }[how]()

    assert ["second"] == line(pool)
    assert isinstance(pool.keep_waiting("first"), Claimed)
    assert Waiting(1) == pool.keep_waiting("second")


def test_one_freed_operator_goes_to_one_caller_and_the_rest_move_up(pool: OperatorPool) -> None:
    """Three wait, three become free one after the other, each call gets its own."""
    staff(pool, profile("1"), profile("2"), profile("3"))
    occupy(pool, "1", "2", "3")
    for call_id in ("a", "b", "c"):
        wait(pool, call_id)
    for extension in ("3", "1", "2"):
        pool.ended(f"busy-{extension}", 20)

    assert [Claimed("3"), Claimed("1"), Claimed("2")] == [pool.keep_waiting(call_id) for call_id in ("a", "b", "c")]


def test_a_newcomer_never_overtakes_who_waits(pool: OperatorPool, clock: Clock) -> None:
    """An operator whose bar ends in the newcomer's own claim goes to the one who waited."""
    staff(pool, profile("1"))
    claim(pool, "failed")
    pool.failed("1", "failed", DialFailure.BUSY)
    wait(pool, "waited")
    clock.advance(TIMES.bar_ms / 1000)

    assert Refused(Refusal.BUSY) == claim(pool, "newcomer")
    assert Claimed("1") == pool.keep_waiting("waited")


def test_a_more_urgent_newcomer_goes_first(pool: OperatorPool, clock: Clock) -> None:
    """Priority comes before patience."""
    staff(pool, profile("1"))
    claim(pool, "failed")
    pool.failed("1", "failed", DialFailure.BUSY)
    wait(pool, "waited")
    clock.advance(TIMES.bar_ms / 1000)

    assert Claimed("1") == claim(pool, "urgent", priority=1)
    assert ["waited"] == line(pool)


def test_a_refused_claim_leaves_nothing_in_line(pool: OperatorPool) -> None:
    """Asking is not waiting; but who waits and asks again stays."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    claim(pool, "asked")
    assert [] == line(pool)
    wait(pool, "waits")

    assert Refused(Refusal.BUSY) == claim(pool, "waits")
    assert ["waits"] == line(pool)


def test_who_excluded_the_free_operator_is_passed_over(pool: OperatorPool) -> None:
    """The operator goes to the next in line instead of to nobody."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    wait(pool, "tried it", exclude=frozenset({"1"}))
    wait(pool, "next")
    pool.ended("busy-1")

    assert (Waiting(1), Claimed("1")) == (pool.keep_waiting("tried it"), pool.keep_waiting("next"))


def test_somebody_who_is_free_by_now_is_claimed_by_waiting(pool: OperatorPool) -> None:
    """Between a busy answer and the line an operator may become free: nobody then waits for the next event."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    assert Refused(Refusal.BUSY) == claim(pool, "call")
    pool.ended("busy-1")

    assert Claimed("1") == wait(pool, "call")
    assert [] == line(pool)


def test_wrap_up_ends_early_only_when_nobody_else_is_free(pool: OperatorPool) -> None:
    """Somebody who waits cuts a wrap-up short; a free colleague protects it."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1")
    pool.ended("busy-1", 20)

    assert Claimed("2") == claim(pool, "a")
    assert OperatorState.WRAP_UP == states(pool)["1"]
    assert Claimed("1") == claim(pool, "b")


@pytest.mark.parametrize("taken", [False, True], ids=["in line", "assigned"])
def test_a_dead_script_does_not_hold_the_head_of_the_line(pool: OperatorPool, clock: Clock, taken: bool) -> None:
    """A script that stops renewing loses its place, or the operator that it was given, to the next who lives."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "dead")
    wait(pool, "living")
    if taken:
        pool.ended("busy-1")
    for _ in range(2):
        clock.advance(3)
        pool.keep_waiting("living")
        pool.renew(["busy-1"])
    pool.expire()

    assert ([] if taken else ["living"]) == line(pool)
    pool.ended("busy-1")
    assert Claimed("1") == pool.keep_waiting("living")
    assert Refused(Refusal.LAPSED) == pool.keep_waiting("dead")


def test_an_assigned_operator_is_kept_for_the_long_lease_once_taken(pool: OperatorPool, clock: Clock) -> None:
    """The script that asked has the full lease to ring; asking again says the same."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    wait(pool, "call")
    pool.ended("busy-1")
    assert [Claimed("1"), Claimed("1")] == [pool.keep_waiting("call"), pool.keep_waiting("call")]
    clock.advance(29.9)

    assert () == pool.expire()


@pytest.mark.parametrize(
    ("label", "expected"),
    [("left", Refusal.NOBODY), ("phone gone", Refusal.NOBODY), ("watcher dies", Refusal.BLIND)],
)
def test_waiting_without_an_end_is_refused(pool: OperatorPool, clock: Clock, label: str, expected: Refusal) -> None:
    """When the last operator goes, or nobody sees them any more, those in line are sent to the fallback."""
    staff(pool, profile("1"), watched_s=3)
    occupy(pool, "1")
    wait(pool, "call")
    {
        "left": lambda: pool.set_roster([]),
        "phone gone": lambda: pool.set_reachable("1", False, node=NODE),
        "watcher dies": lambda: clock.advance(3),
    }[label]()

    assert Refused(expected) == pool.keep_waiting("call")
    assert [] == line(pool)
    assert Refused(expected) == wait(pool, "other")


def test_who_still_waits_when_the_watcher_returns_is_served(pool: OperatorPool, clock: Clock) -> None:
    """Nobody is given away blindly; the first heartbeat gives what became free meanwhile."""
    staff(pool, profile("1"), watched_s=3)
    occupy(pool, "1")
    wait(pool, "call")
    clock.advance(3)
    pool.ended("busy-1")
    assert ["call"] == line(pool)

    pool.heartbeat("node", 5)

    assert [] == line(pool)
    assert Claimed("1") == pool.keep_waiting("call")


def test_supervisors_come_in_when_a_caller_waited_long(pool: OperatorPool, clock: Clock) -> None:
    """After the overflow time, and not before, the reserve is given by the watcher's next look."""
    staff(pool, profile("1"), profile("9", supervisor=True))
    occupy(pool, "1")
    assert Refused(Refusal.BUSY) == claim(pool, "call")
    wait(pool, "call")
    for _ in range(12):
        assert Waiting(1) == pool.keep_waiting("call")
        clock.advance(5)
        pool.renew(["busy-1"])

    pool.expire()

    assert Claimed("9") == pool.keep_waiting("call")


def test_supervisors_come_in_at_once_when_the_last_other_goes(pool: OperatorPool) -> None:
    """The reserve is all there is: nobody waits for the overflow time."""
    staff(pool, profile("1"), profile("9", supervisor=True))
    occupy(pool, "1")
    wait(pool, "call")
    pool.logout("1")

    assert Claimed("9") == pool.keep_waiting("call")


def test_a_caller_whose_assigned_operator_answers_another_stands_first_again(pool: OperatorPool, clock: Clock) -> None:
    """The fallback's answer outweighs the assignment, and the caller keeps the time of arrival."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    wait(pool, "first")
    clock.advance(1)
    wait(pool, "second")
    pool.ended("busy-1")
    assert ["second"] == line(pool)

    pool.answered("1", "fallback")

    assert ["first", "second"] == line(pool)
    assert Waiting(1) == pool.keep_waiting("first")


@pytest.mark.parametrize("end", ["leave", "ended", "answered"])
def test_a_call_that_is_over_is_out_of_line(pool: OperatorPool, redis_client: Redis, end: str) -> None:
    """Hanging up, giving up, or being answered by the fallback: the place and all that was kept of it are gone."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    wait(pool, "call")
    {
        "leave": lambda: pool.leave("call"),
        "ended": lambda: pool.ended("call", 20),
        "answered": lambda: pool.answered("1", "call"),
    }[end]()

    assert [] == line(pool)
    assert [] == redis_client.keys("siaga112:pool:line*") + redis_client.keys("siaga112:pool:callers")


def test_leaving_never_cuts_a_talk(pool: OperatorPool) -> None:
    """A script that says late that it wants nobody ends no conversation."""
    staff(pool, profile("1"))
    occupy(pool, "1")
    pool.leave("busy-1")

    assert OperatorState.TALKING == states(pool)["1"]


def test_who_is_given_an_operator_is_called(pool: OperatorPool, redis_client: Redis) -> None:
    """The wake goes out with the assignment, to that call alone; who asks itself needs none."""
    staff(pool, profile("1"), profile("2"))
    occupy(pool, "1", "2")
    pubsub = redis_client.pubsub()
    pubsub.subscribe("siaga112:wake")
    assert "subscribe" == pubsub.get_message(timeout=5)["type"]
    wait(pool, "first")
    wait(pool, "second")
    pool.ended("busy-1")
    pool.ended("busy-2")

    said = [pubsub.get_message(timeout=5)["data"] for _ in range(2)]
    pubsub.close()

    assert ["first", "second"] == said
