"""What an operator pool promises: one operator per call, one call per operator, the best free one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from redis_queue.errors import UnavailableError, UnknownOperatorError
from redis_queue.operators import CallerGone, Claimed, DialFailure, Moved, OperatorProfile, Refusal, Refused
from redis_queue.pool import OperatorPool
from redis_queue.states import Cause, OperatorState
from tests.support.pool import TIMES, Clock, checked_pool, profile, staff, states, status
from tests.support.redis_server import RedisServer

AVAILABLE, OFFLINE, PAUSED = OperatorState.AVAILABLE, OperatorState.OFFLINE, OperatorState.PAUSED
RESERVED, RINGING, TALKING = OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING
WRAP_UP = OperatorState.WRAP_UP


def claim(pool: OperatorPool, call_id: str, exclude: frozenset[str] = frozenset()) -> Claimed | Refused:
    """Claim with what a test does not care about filled in."""
    return pool.claim(call_id, language="id", category="medis", priority=1, exclude=exclude)


def talk(pool: OperatorPool, extension: str, call_id: str) -> None:
    """Ring and answer."""
    pool.ringing(extension, call_id)
    pool.answered(extension, call_id)


# Choosing


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


# Refusing


@pytest.mark.parametrize(
    ("label", "wish", "expected"),
    [
        ("talking", None, Refusal.BUSY),
        ("logs out after it", "logout", Refusal.NOBODY),
        ("pauses after it", "pause", Refusal.NOBODY),
    ],
)
def test_busy_means_that_somebody_will_be_free(
    pool: OperatorPool, label: str, wish: str | None, expected: Refusal
) -> None:
    """Who waits for an operator that takes no further call would wait for ever."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    if wish is not None:
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


def test_one_living_watcher_of_several_is_enough(pool: OperatorPool, clock: Clock) -> None:
    """Nodes watch for each other."""
    staff(pool, profile("1"), watched_s=5)
    clock.advance(4)
    pool.heartbeat("other", 5)
    clock.advance(4)

    assert Claimed("1") == claim(pool, "call")


# The way of a claim


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
    pool.set_reachable("1", True)
    assert OFFLINE == states(pool)["1"]
    pool.set_reachable("1", False)
    pool.set_reachable("1", True)

    assert AVAILABLE == states(pool)["1"]


def test_who_does_not_answer_twice_in_a_row_is_paused_and_said(pool: OperatorPool) -> None:
    """The second unanswered call pauses, with a reason, until the operator resumes."""
    staff(pool, profile("1"))
    events = []
    for call_id in ("a", "b"):
        claim(pool, call_id)
        events.append(pool.failed("1", call_id, DialFailure.NOANSWER))

    assert (Moved("1", RESERVED, AVAILABLE, Cause.NO_ANSWER, "a"),) == events[0]
    assert (Moved("1", RESERVED, PAUSED, Cause.NO_ANSWER, "b"),) == events[1]
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


# What the fallback and the operators do without asking


@pytest.mark.parametrize("before", ["offline", "paused", "available", "reserved", "wrap_up", "talking"])
def test_an_answered_call_takes_the_operator_over_whatever_was(pool: OperatorPool, before: str) -> None:
    """The fallback rings everybody; who answers is talking, and only with that caller."""
    staff(pool, profile("1"))
    {
        "offline": lambda: pool.logout("1"),
        "paused": lambda: pool.pause("1"),
        "available": lambda: None,
        "reserved": lambda: claim(pool, "old"),
        "wrap_up": lambda: (talk(pool, "1", "old"), pool.ended("old", 20)),
        "talking": lambda: talk(pool, "1", "old"),
    }[before]()
    assert OperatorState(before) == states(pool)["1"]

    pool.answered("1", "fallback")

    assert (TALKING, "fallback") == (status(pool, "1").state, status(pool, "1").call_id)
    assert () == pool.ended("old", 20)
    assert TALKING == states(pool)["1"]


def test_a_call_answered_by_another_frees_the_one_that_was_claimed(pool: OperatorPool) -> None:
    """One call, one operator: the claim goes back."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    pool.answered("2", "call")

    assert {"1": AVAILABLE, "2": TALKING} == states(pool)


def test_answered_again_is_the_same_talk(pool: OperatorPool, clock: Clock) -> None:
    """The watcher repeats what it sees; since does not move."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")
    since = status(pool, "1").since
    clock.advance(3)

    assert () == pool.answered("1", "call")
    assert since == status(pool, "1").since


@pytest.mark.parametrize(("wish", "after"), [("logout", OFFLINE), ("pause", PAUSED)])
def test_a_wish_during_a_call_is_granted_after_it(pool: OperatorPool, wish: str, after: OperatorState) -> None:
    """Logging out or pausing never cuts a call and needs no wrap-up."""
    staff(pool, profile("1"))
    claim(pool, "call")
    talk(pool, "1", "call")

    assert () == getattr(pool, wish)("1")
    assert TALKING == states(pool)["1"]
    pool.ended("call", 20)
    assert after == states(pool)["1"]


@dataclass(frozen=True)
class Rest:
    """What an operator said, whether the phone is there, and where that leads."""

    label: str
    auto_login: bool
    wishes: tuple[str, ...]
    reachable: bool
    expected: OperatorState
    reason: str


@pytest.mark.parametrize(
    "row",
    [
        Rest("never logged in", False, (), True, OFFLINE, "off_duty"),
        Rest("auto", True, (), True, AVAILABLE, ""),
        Rest("auto, no phone", True, (), False, OFFLINE, "unreachable"),
        Rest("auto, logged out", True, ("logout",), True, OFFLINE, "off_duty"),
        Rest("logged in", False, ("login",), True, AVAILABLE, ""),
        Rest("logged in, no phone", False, ("login",), False, OFFLINE, "unreachable"),
        Rest("paused", False, ("login", "pause"), True, PAUSED, "pause"),
        Rest("paused, no phone", False, ("login", "pause"), False, OFFLINE, "unreachable"),
        Rest("resumed", False, ("login", "pause", "resume"), True, AVAILABLE, ""),
        Rest("login ends a pause", False, ("login", "pause", "login"), True, AVAILABLE, ""),
        Rest("logout ends a pause", False, ("login", "pause", "logout"), True, OFFLINE, "off_duty"),
        Rest("resume is no login", False, ("resume",), True, OFFLINE, "off_duty"),
    ],
    ids=lambda row: row.label,
)
@pytest.mark.parametrize("phone_first", [True, False])
def test_where_an_operator_without_a_call_rests(pool: OperatorPool, row: Rest, phone_first: bool) -> None:
    """Duty, phone and pause are kept apart and decide together, in whatever order they come."""
    pool.set_roster([profile("1", auto_login=row.auto_login)])
    pool.set_reachable("1", phone_first)
    for wish in row.wishes:
        getattr(pool, wish)("1")
    pool.set_reachable("1", row.reachable)

    assert (row.expected, row.reason) == (status(pool, "1").state, status(pool, "1").reason)


def test_resume_ends_a_wrap_up(pool: OperatorPool) -> None:
    """An operator who is ready says so; a phone that registers anew does not."""
    staff(pool, profile("1"))
    talk(pool, "1", "call")
    pool.ended("call", 20)
    pool.set_reachable("1", True)
    assert WRAP_UP == states(pool)["1"]

    pool.resume("1")

    assert AVAILABLE == states(pool)["1"]


@pytest.mark.parametrize("wish", ["login", "logout", "pause", "resume"])
def test_a_wish_of_nobody_is_said(pool: OperatorPool, wish: str) -> None:
    """A mistyped extension is one clear line."""
    with pytest.raises(UnknownOperatorError) as caught:
        getattr(pool, wish)("9999")

    assert "no operator has the extension '9999'" == str(caught.value)


def test_what_asterisk_says_of_other_endpoints_changes_nothing(pool: OperatorPool) -> None:
    """Trunks have endpoints too."""
    staff(pool, profile("1"))

    facts = [
        pool.set_reachable("trunk-a", True),
        pool.ringing("trunk-a", "call"),
        pool.answered("trunk-a", "call"),
        pool.failed("trunk-a", "call", DialFailure.BUSY),
        pool.ended("call", 20),
    ]

    assert [()] * 5 == facts
    assert {"1": AVAILABLE} == states(pool)


# The roster


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


# Outages


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
    """States, claims and scripts: all that was acknowledged is there after kill -9, without a reconnect of ours."""
    staff(pool, profile("1"), profile("2"))
    claim(pool, "call")
    redis_server.restart()

    assert {"1": RESERVED, "2": AVAILABLE} == states(pool)
    assert Claimed("1") == claim(pool, "call")


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
    pool.wait("next", priority=1, language="", category="", node="node")
    pool.ended("call")
    assert RESERVED == states(pool)["1"]
    clock.advance(TIMES.waiting_lease_ms / 1000)

    assert () == pool.ended("call")
    events = pool.expire()

    assert (CallerGone("next"), Moved("1", RESERVED, AVAILABLE, Cause.LEASE_OVER, "next")) == events
