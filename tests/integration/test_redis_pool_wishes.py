"""What operators and the fallback do without asking the pool, and where an operator without a call rests."""

from dataclasses import dataclass

import pytest
from redis import Redis

from redis_queue.errors import UnavailableError, UnknownOperatorError
from redis_queue.operators import DialFailure
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, Clock, checked_pool, claim, profile, staff, states, status, talk
from tests.support.redis_server import RedisServer

AVAILABLE, OFFLINE, PAUSED = OperatorState.AVAILABLE, OperatorState.OFFLINE, OperatorState.PAUSED
TALKING, WRAP_UP = OperatorState.TALKING, OperatorState.WRAP_UP


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
    pool.set_reachable("1", phone_first, node=NODE)
    for wish in row.wishes:
        getattr(pool, wish)("1")
    pool.set_reachable("1", row.reachable, node=NODE)

    assert (row.expected, row.reason) == (status(pool, "1").state, status(pool, "1").reason)


def test_resume_ends_a_wrap_up(pool: OperatorPool) -> None:
    """An operator who is ready says so; a phone that registers anew does not."""
    staff(pool, profile("1"))
    talk(pool, "1", "call")
    pool.ended("call", 20)
    pool.set_reachable("1", True, node=NODE)
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
        pool.set_reachable("trunk-a", True, node=NODE),
        pool.ringing("trunk-a", "call"),
        pool.answered("trunk-a", "call"),
        pool.failed("trunk-a", "call", DialFailure.BUSY),
        pool.ended("call", 20),
    ]

    assert [()] * 5 == facts
    assert {"1": AVAILABLE} == states(pool)


@pytest.mark.parametrize("wish", ["login", "logout", "pause", "resume"])
def test_a_wish_that_was_not_done_in_time_is_not_done_later(
    redis_server: RedisServer, redis_client: Redis, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    """Redis stands still before it sees the wish: who asked heard that nothing was done, and that stays true."""
    pool = checked_pool(redis_client)
    staff(pool, profile("1"))
    (pool.pause if wish in {"login", "resume"} else pool.resume)("1")
    before, now = states(pool), redis_client.time()

    def told_and_frozen() -> object:
        redis_server.freeze()
        return now

    monkeypatch.setattr(redis_client, "time", told_and_frozen)
    with pytest.raises(UnavailableError):
        getattr(pool, wish)("1")
    redis_server.thaw()

    assert [before, before] == [states(pool), states(pool)]


def test_a_wish_that_comes_late_is_refused(redis_client: Redis) -> None:
    """Whoever is still there to be told is told."""
    clock = Clock()

    def hesitating() -> int:
        clock.advance(0.5)
        return clock()

    staff(checked_pool(redis_client, clock), profile("1"))

    with pytest.raises(UnavailableError, match="too long ago"):
        OperatorPool(redis_client, clock=hesitating).pause("1")
    assert {"1": AVAILABLE} == states(checked_pool(redis_client, clock))
