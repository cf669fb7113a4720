"""What Asterisk said, carried to a real Redis: all that came together in one transaction."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from redis import Redis

from ivr.carrier import Carrier
from ivr.operations import (
    Alive,
    Answered,
    Began,
    Ended,
    Missing,
    Operation,
    Reached,
    Renew,
    Ringing,
    SetPhone,
    Tell,
    Unanswered,
)
from redis_queue.connection import connect
from redis_queue.errors import UnavailableError
from redis_queue.fail_opens import FailOpens
from redis_queue.last_calls import LastCalls
from redis_queue.life import SignsOfLife
from redis_queue.node_calls import NodeCall, NodeCalls
from redis_queue.operators import Claimed, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, claim, profile, staff, states, status, wait
from tests.support.redis_server import RedisServer
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

WRAP_UP_S = 20.0
AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Facts:
    """Keeps what is to be sent."""

    def __init__(self) -> None:
        self.sent: list[CallFact] = []

    def send(self, fact: CallFact) -> None:
        """Keep it."""
        self.sent.append(fact)


@pytest.fixture
def facts() -> Facts:
    """What the carrier sent."""
    return Facts()


@pytest.fixture
def carrier(redis_client: Redis, pool: OperatorPool, facts: Facts) -> Iterator[Carrier]:
    """The carrier of one node, with two operators there."""
    staff(pool, profile("1001"), profile("1002"))
    yield carrier_on(redis_client, pool, facts)


def carrier_on(redis: Redis, pool: OperatorPool, facts: Facts) -> Carrier:
    """A carrier with this Redis."""
    return Carrier(
        node=NODE,
        redis=redis,
        pool=pool,
        facts=cast(Any, facts),
        fail_opens=FailOpens(redis),
        wrap_up_s=WRAP_UP_S,
        country="ID",
    )


def whole_call(call_id: str, extension: str) -> list[Operation]:
    """All that is to be done about one call."""
    return [
        Began(call_id, "0812", "telkom"),
        Alive(call_id),
        Ringing(extension, call_id),
        Answered(extension, call_id),
        Renew((call_id,)),
    ]


def transactions(redis: Redis) -> int:
    """How many there were since the server began."""
    told = cast("dict[str, dict[str, int]]", redis.info("commandstats"))
    return told.get("cmdstat_exec", {}).get("calls", 0)


def test_all_goes_together(carrier: Carrier, redis_client: Redis, pool: OperatorPool) -> None:
    """Calls of two operators in one transaction, each as if it had come alone."""
    claimed = claim(pool, "1.1")
    assert isinstance(claimed, Claimed)
    other = ({"1001", "1002"} - {claimed.extension}).pop()
    before = transactions(redis_client)

    carrier.carry([*whole_call("1.1", claimed.extension), *whole_call("1.2", other), Ended("1.2")])

    assert 1 == transactions(redis_client) - before
    assert {claimed.extension: OperatorState.TALKING, other: OperatorState.WRAP_UP} == states(pool)
    assert (NodeCall("1.1", "0812", "telkom"),) == NodeCalls(redis_client).of(NODE)
    assert ("1.1", "1.2") == tuple(map(LastCalls(redis_client).of, (claimed.extension, other)))
    assert [False, False] == [SignsOfLife(redis_client).missed(call_id) for call_id in ("1.1", "1.2")]


def test_who_called_somebody_back_marks_nobody_from_before(carrier: Carrier, redis_client: Redis) -> None:
    """The last talk was with another; what comes after that is marked again, and what others have is theirs."""
    calls = LastCalls(redis_client)
    carrier.carry([Answered("1001", "1.1"), Answered("1002", "1.2"), Ended("1.1"), Reached("1001")])
    after_calling_back = (calls.of("1001"), calls.of("1002"))
    carrier.carry([Answered("1001", "1.3")])

    assert ((None, "1.2"), "1.3") == (after_calling_back, calls.of("1001"))


def test_who_waits_is_served_by_what_is_known_at_the_end(carrier: Carrier, pool: OperatorPool) -> None:
    """An operator who is free for a moment only, because the next event takes the phone away, is given to nobody."""
    carrier.carry([Answered("1001", "1.1"), Answered("1002", "1.2")])
    assert Waiting(1) == wait(pool, "1.3")

    carrier.carry([Ended("1.1"), SetPhone("1001", False, False), Ended("1.2")])

    assert ("1.3", None) == (status(pool, "1002").call_id, status(pool, "1001").call_id)


def test_server_that_was_restarted_is_told_all_the_same(
    carrier: Carrier, redis_client: Redis, pool: OperatorPool
) -> None:
    """It knows no script any more: nothing of what goes together is lost, and nothing is done twice."""
    redis_client.script_flush()

    carrier.carry([Began("1.1", "0812", "telkom"), Answered("1001", "1.1")])

    assert OperatorState.TALKING is status(pool, "1001").state
    assert (NodeCall("1.1", "0812", "telkom"),) == NodeCalls(redis_client).of(NODE)


def test_phone_is_told_once_until_the_next_full_look(carrier: Carrier, pool: OperatorPool) -> None:
    """Its state changes at each step of a call; what the pool knows by heart is not said again."""
    carrier.carry([SetPhone("1001", True, False)])
    pool.set_reachable("1001", False, node=NODE)
    carrier.carry([SetPhone("1001", True, False)])
    kept = status(pool, "1001").state
    carrier.forget()
    carrier.carry([SetPhone("1001", True, False)])

    assert (OperatorState.OFFLINE, OperatorState.AVAILABLE) == (kept, status(pool, "1001").state)


def test_who_never_gave_a_sign_is_silent(carrier: Carrier, redis_client: Redis, facts: Facts) -> None:
    """Of callers who hung up unanswered only those of whom something was expected, and nothing came."""
    signs = SignsOfLife(redis_client)
    signs.missed("1.1")
    signs.missed("1.2")

    carrier.carry([Alive("1.2"), *(Unanswered(call_id, AT) for call_id in ("1.1", "1.2", "1.3"))])

    assert [("1.1", Outcome.SILENT)] == [(fact.call_id, fact.outcome) for fact in facts.sent]


def test_who_leads_a_caller_on_writes_it_down(carrier: Carrier, pool: OperatorPool) -> None:
    """The one who had the caller rests as after each talk; the caller is the other's, who is remembered in the end."""
    carrier.carry([Began("1.1", "081234567890", "telkom"), Answered("1001", "1.1"), Answered("1002", "1.1")])
    led_on = states(pool)
    carrier.carry([Ended("1.1")])

    assert {"1001": OperatorState.WRAP_UP, "1002": OperatorState.TALKING} == led_on
    assert Claimed("1002") == claim(pool, "1.2", number="+6281234567890")


@pytest.mark.parametrize(
    ("caller", "number"), [("081234567890", "+6281234567890"), ("+62 812-3456-7890", "+6281234567890")]
)
def test_who_answered_without_a_claim_is_remembered(
    carrier: Carrier, pool: OperatorPool, caller: str, number: str
) -> None:
    """Also when the dialplan went on alone: who calls again gets the same operator, still at the desk."""
    carrier.carry([Began("1.1", caller, "telkom"), Answered("1002", "1.1"), Ended("1.1")])

    assert Claimed("1002") == claim(pool, "1.2", number=number)


def test_caller_who_called_before_the_watcher_began_is_known(carrier: Carrier, pool: OperatorPool) -> None:
    """What was written down of the calls that are up is read again."""
    carrier.know([NodeCall("1.1", "081234567890", "telkom")])
    carrier.carry([Answered("1002", "1.1"), Ended("1.1")])

    assert Claimed("1002") == claim(pool, "1.2", number="+6281234567890")


def test_number_that_tells_nobody_is_not_kept(carrier: Carrier, redis_client: Redis) -> None:
    """Without a SIM many share what is shown."""
    carrier.carry([Began("1.1", "anonymous", "telkom"), Answered("1002", "1.1"), Ended("1.1")])
    carrier.carry([Began("1.2", "112", "telkom"), Answered("1002", "1.2"), Ended("1.2")])

    assert [] == redis_client.keys("siaga112:pool:talked:*")


def test_facts_are_kept_while_redis_is_away(redis_server: RedisServer, facts: Facts) -> None:
    """What a load tells is on its way before Redis is asked."""
    redis = connect(redis_server.url)
    carrier = carrier_on(redis, OperatorPool(redis), facts)
    fact = CallFact(call_id="1.1", kind=CallFactKind.ENDED, at=AT)
    redis_server.kill()

    with pytest.raises(UnavailableError):
        carrier.carry([Ended("1.1"), Tell(fact)])

    redis.close()
    assert [fact] == facts.sent


def test_what_is_missing_is_told_once_and_only_until_its_end(carrier: Carrier) -> None:
    """An end that comes late takes the call off what is missed."""
    carrier.carry([Missing("1.1"), Missing("1.2"), Ended("1.1")])

    assert (frozenset({"1.2"}), frozenset()) == (carrier.take_missing(), carrier.take_missing())
