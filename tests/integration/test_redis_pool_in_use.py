"""An operator whose phone has any call at all, on whatever line and whatever machine, is given no other."""

import pytest
from redis import Redis

from redis_queue.operators import Claimed, DialFailure, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, Clock, claim, profile, staff, status, talk, wait

OTHER = "other"


@pytest.fixture
def operator(pool: OperatorPool) -> OperatorPool:
    """A pool whose one operator is reached by two machines."""
    staff(pool, profile("1001"))
    pool.set_reachable("1001", True, node=OTHER)
    pool.heartbeat(OTHER, 7200)
    return pool


def use(pool: OperatorPool, in_use: bool, node: str = NODE) -> None:
    """The phone is picked up, or put down."""
    pool.set_reachable("1001", True, node=node, in_use=in_use)


def state(pool: OperatorPool) -> OperatorState:
    """What the operator is doing."""
    return status(pool, "1001").state


def test_who_uses_the_phone_is_not_available(operator: OperatorPool) -> None:
    """A call waits for that operator, who is on duty all the same, and gets the phone as soon as it is put down."""
    use(operator, True)
    used = state(operator)
    answers = claim(operator, "1.1"), wait(operator, "1.1")
    use(operator, False)

    assert OperatorState.IN_USE is used
    assert (Refused(Refusal.BUSY), Waiting(1)) == answers
    assert Claimed("1001") == operator.keep_waiting("1.1")


def test_second_line_that_outlasts_the_caller_counts(operator: OperatorPool) -> None:
    """The end of the caller's call frees nobody who still talks on another line."""
    claim(operator, "1.1")
    talk(operator, "1001", "1.1")
    use(operator, True)
    operator.ended("1.1")
    after = state(operator), claim(operator, "1.2")
    use(operator, False)

    assert (OperatorState.IN_USE, Refused(Refusal.BUSY)) == after
    assert OperatorState.AVAILABLE is state(operator)


@pytest.mark.parametrize("waits", [False, True])
def test_rest_after_a_call_lasts_on_but_is_not_cut_short_for_anybody(
    operator: OperatorPool, clock: Clock, waits: bool
) -> None:
    """A phone that is in use is given to nobody, and the rest ends at its time."""
    claim(operator, "1.1")
    talk(operator, "1001", "1.1")
    use(operator, True)
    operator.ended("1.1", wrap_up_s=20)
    if waits:
        wait(operator, "1.2")
    resting = state(operator)
    clock.advance(5)
    operator.heartbeat(NODE, 7200)
    still = state(operator)
    clock.advance(16)
    operator.expire()

    assert (OperatorState.WRAP_UP, OperatorState.WRAP_UP, OperatorState.IN_USE) == (resting, still, state(operator))


def test_who_was_paused_for_not_answering_is_not_asked_either(operator: OperatorPool) -> None:
    """Nobody else is there, but the phone is in use."""
    for call_id in ("1.1", "1.2"):
        claim(operator, call_id)
        operator.failed("1001", call_id, DialFailure.NOANSWER)
    use(operator, True)
    used = claim(operator, "1.3")
    use(operator, False)

    assert (Refused(Refusal.BUSY), Claimed("1001")) == (used, claim(operator, "1.3"))


def test_each_machine_speaks_for_itself(operator: OperatorPool) -> None:
    """Free on one machine and in use on the other is in use; a machine that died says nothing any more."""
    use(operator, True, OTHER)
    use(operator, False)
    elsewhere = state(operator)
    operator.heartbeat(OTHER, 0)
    operator.expire()

    assert (OperatorState.IN_USE, OperatorState.AVAILABLE) == (elsewhere, state(operator))


def test_phone_that_was_busy_waits_for_no_clock(operator: OperatorPool) -> None:
    """A claim that met a phone in use is given back, and the phone is free again when it is put down."""
    claim(operator, "1.1")
    use(operator, True)
    operator.failed("1001", "1.1", DialFailure.BUSY)
    used = state(operator)
    use(operator, False)

    assert (OperatorState.IN_USE, OperatorState.AVAILABLE) == (used, state(operator))


def test_operators_of_before_are_read(operator: OperatorPool, redis_client: Redis) -> None:
    """What an older version wrote knows of no phone in use."""
    redis_client.hdel("siaga112:pool:operator:1001", "in_use")

    assert Claimed("1001") == claim(operator, "1.1")
