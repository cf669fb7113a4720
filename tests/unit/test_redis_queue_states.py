"""The table of an operator's states is whole: nothing is stuck, nothing is missing."""

import itertools

import pytest

from redis_queue.operators import DialFailure
from redis_queue.pool import CAUSE_OF
from redis_queue.states import TRANSITIONS, Cause, OperatorState, is_legal

WITH_CALL = (OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING)


def next_states(state: OperatorState) -> set[OperatorState]:
    """Where a state may lead."""
    return set().union(*TRANSITIONS[state].values()) - {state}


def test_every_state_is_in_the_table() -> None:
    """No state without a way out."""
    assert set(OperatorState) == TRANSITIONS.keys()


@pytest.mark.parametrize("state", OperatorState)
def test_every_state_can_be_reached_from_every_other(state: OperatorState) -> None:
    """No operator is lost in a corner."""
    reached = {state}
    while more := set().union(*(next_states(each) for each in reached)) - reached:
        reached |= more

    assert set(OperatorState) == reached


def test_every_cause_is_used() -> None:
    """A cause that changes nothing has no name."""
    assert set(Cause) == {cause for causes in TRANSITIONS.values() for cause in causes}


@pytest.mark.parametrize("state", WITH_CALL)
@pytest.mark.parametrize("wish", [Cause.LOGIN, Cause.LOGOUT, Cause.PAUSE, Cause.RESUME, Cause.UNREACHABLE])
def test_no_wish_cuts_a_call(state: OperatorState, wish: Cause) -> None:
    """What an operator wants during a call is done after it."""
    assert wish not in TRANSITIONS[state]


@pytest.mark.parametrize("state", OperatorState)
def test_an_answer_is_legal_anywhere(state: OperatorState) -> None:
    """What Asterisk saw outweighs every state."""
    assert is_legal(state, Cause.ANSWERED, OperatorState.TALKING)


def test_only_who_is_free_is_claimed() -> None:
    """A claim never leads away from a call; from home and from a pause only the last one, whose line is not served."""
    claimable = {state for state, causes in TRANSITIONS.items() if {Cause.CLAIMED, Cause.ASSIGNED} & causes.keys()}

    in_a_call = {OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING, OperatorState.IN_USE}
    assert set(OperatorState) - in_a_call == claimable


def test_what_is_not_in_the_table_is_illegal() -> None:
    """Checked for every triple: exactly the rows of the table."""
    legal = {triple for triple in itertools.product(OperatorState, Cause, OperatorState) if is_legal(*triple)}

    assert {
        (before, cause, after)
        for before, causes in TRANSITIONS.items()
        for cause, states in causes.items()
        for after in states
    } == legal


def test_every_failure_of_dial_has_a_cause() -> None:
    """No DIALSTATUS of a failed call is unknown to the pool."""
    assert set(DialFailure) == CAUSE_OF.keys()
