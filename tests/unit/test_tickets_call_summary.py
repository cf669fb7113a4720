"""What the facts of a call add up to, whatever their order."""

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tickets import after
from tickets.calls.facts import CallFact
from tickets.calls.summary import summarize
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Mark, Outcome


def fact(kind: Kind, seconds: float, **seen: Any) -> CallFact:
    """A fact of the one call of these tests."""
    return CallFact(call_id="1772341200.7", kind=kind, at=after(seconds), **seen)


names = st.none() | st.sampled_from(["a", "b"])
any_fact = st.builds(
    fact,
    st.sampled_from(Kind),
    st.integers(-5, 200_000),
    caller=names,
    category=names,
    operator=names,
    fallback=st.none() | st.booleans(),
    answered=st.none() | st.booleans(),
    started_at=st.none() | st.integers(-5, 100).map(after),
    outcome=st.none() | st.sampled_from(Outcome),
    mark=st.none() | st.sampled_from(Mark),
)


@given(st.lists(any_fact, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(facts: list[CallFact], random: Any) -> None:
    """The same set of facts is the same call."""
    shuffled = facts + random.choices(facts, k=3)
    random.shuffle(shuffled)

    assert summarize(facts) == summarize(shuffled)


@given(st.lists(any_fact, min_size=1, max_size=8))
def test_a_call_never_ends_before_it_starts(facts: list[CallFact]) -> None:
    """Clocks that disagree give no negative length."""
    call = summarize(facts)

    assert call.ended_at is None or call.started_at <= call.ended_at


ARRIVED = fact(Kind.ARRIVED, 0, caller="+62811", trunk="telkom-a")
CHOSEN = fact(Kind.CHOSEN, 5, category="kebakaran", language="id")
ROUTED = fact(Kind.ROUTED, 6, operator="1001")
REROUTED = fact(Kind.ROUTED, 20, operator="1002")
FALLBACK = fact(Kind.ROUTED, 30, fallback=True)
ANSWERED = fact(Kind.ANSWERED, 25, operator="1002", fallback=False)
ANSWERED_IN_FALLBACK = fact(Kind.ANSWERED, 40, operator="1003", fallback=True)
ENDED = fact(Kind.ENDED, 60)


@pytest.mark.parametrize(
    ("facts", "outcome", "operator"),
    [
        pytest.param([ARRIVED], None, None, id="live, nobody rings"),
        pytest.param([ARRIVED, ROUTED, REROUTED], None, "1002", id="live, the second phone rings"),
        pytest.param([ARRIVED, ROUTED, REROUTED, ANSWERED], None, "1002", id="live, talking"),
        pytest.param([ARRIVED, ENDED], Outcome.ABANDONED, None, id="hung up in the menu"),
        pytest.param([ARRIVED, ROUTED, ENDED], Outcome.ABANDONED, None, id="hung up while a phone rang"),
        pytest.param([ROUTED, ANSWERED, ENDED], Outcome.ANSWERED, "1002", id="answered"),
        pytest.param([ROUTED, ANSWERED, fact(Kind.LOST, 90)], Outcome.ANSWERED, "1002", id="answered, then lost"),
        pytest.param([FALLBACK, ANSWERED_IN_FALLBACK, ENDED], Outcome.FAIL_OPEN, "1003", id="answered in the fallback"),
        pytest.param(
            [ARRIVED, ROUTED, fact(Kind.ANSWERED, 40, fallback=True), fact(Kind.ENDED, 60, answered=True)],
            Outcome.FAIL_OPEN,
            None,
            id="answered by the outside number, not by the operator who was rung before",
        ),
        pytest.param([ARRIVED, FALLBACK, ENDED], Outcome.UNANSWERED, None, id="nobody, not even in the fallback"),
        pytest.param(
            [ARRIVED, fact(Kind.ENDED, 60, answered=True, operator="1004")],
            Outcome.ANSWERED,
            "1004",
            id="only the hangup handler saw the answer",
        ),
        pytest.param([ENDED, fact(Kind.ENDED, 60, answered=False)], Outcome.ABANDONED, None, id="told not answered"),
        pytest.param(
            [ARRIVED, fact(Kind.CHOSEN, 9, outcome=Outcome.SILENT)], Outcome.SILENT, None, id="told while live"
        ),
        pytest.param(
            [ROUTED, ANSWERED, ENDED, fact(Kind.ENDED, 90, outcome=Outcome.PRANK)],
            Outcome.PRANK,
            "1002",
            id="told better than computed",
        ),
        pytest.param(
            [fact(Kind.CHOSEN, 9, outcome=Outcome.SILENT), fact(Kind.ENDED, 60, outcome=Outcome.GHOST)],
            Outcome.GHOST,
            None,
            id="the last who told is believed",
        ),
        pytest.param(
            [ROUTED, ANSWERED, fact(Kind.TRANSFERRED, 50, outcome=Outcome.TRANSFERRED), ENDED],
            Outcome.TRANSFERRED,
            "1002",
            id="led on to somebody else",
        ),
        pytest.param(
            [fact(Kind.TRANSFERRED, 50, outcome=Outcome.TRANSFERRED), fact(Kind.CHOSEN, 55, outcome=Outcome.SILENT)],
            Outcome.TRANSFERRED,
            None,
            id="led on, told before it was silent",
        ),
        pytest.param(
            [ROUTED, ANSWERED, fact(Kind.TRANSFERRED, 50, operator="1005"), ENDED],
            Outcome.ANSWERED,
            "1002",
            id="led on to another operator here",
        ),
        pytest.param(
            [
                fact(Kind.MARKED, 100, mark=Mark.PRANK),
                ROUTED,
                ANSWERED,
                ENDED,
                fact(Kind.RECORDED, 120, outcome=Outcome.TRANSFERRED),
            ],
            Outcome.PRANK,
            "1002",
            id="a person's mark says more than what came later",
        ),
        pytest.param(
            [ANSWERED, ENDED, fact(Kind.MARKED, 100, mark=Mark.PRANK), fact(Kind.MARKED, 110, mark=Mark.GHOST)],
            Outcome.GHOST,
            "1002",
            id="a second thought",
        ),
        pytest.param(
            [ANSWERED, ENDED, fact(Kind.MARKED, 100, mark=Mark.PRANK), fact(Kind.MARKED, 110, mark=Mark.DUPLICATE)],
            Outcome.ANSWERED,
            "1002",
            id="a second thought that takes the first back",
        ),
        pytest.param(
            [FALLBACK, ANSWERED_IN_FALLBACK, ENDED, fact(Kind.MARKED, 100, mark=Mark.WRONG_REGION)],
            Outcome.FAIL_OPEN,
            "1003",
            id="a mark that says nothing of the outcome",
        ),
    ],
)
def test_outcome_and_operator(facts: list[CallFact], outcome: Outcome | None, operator: str | None) -> None:
    """How a call ended and who took it follow from its facts."""
    summaries = [summarize(order) for order in permutations(facts)]

    assert {(outcome, operator)} == {(call.outcome, call.operator) for call in summaries}


@pytest.mark.parametrize(
    ("facts", "started", "answered", "ended"),
    [
        pytest.param([CHOSEN, ARRIVED], after(0), None, None, id="earliest start"),
        pytest.param([ANSWERED, fact(Kind.ANSWERED, 28)], after(25), after(25), None, id="earliest answer"),
        pytest.param([ARRIVED, ENDED, fact(Kind.ENDED, 61)], after(0), None, after(61), id="latest end"),
        pytest.param([ARRIVED, ENDED, fact(Kind.ENDED, 1e8)], after(0), None, after(60), id="an end in years is wrong"),
        pytest.param([fact(Kind.ARRIVED, -1e8), ENDED], after(-1e8), None, after(60), id="a wrong start, but it ended"),
        pytest.param([ARRIVED, fact(Kind.LOST, 90)], after(0), None, after(90), id="nobody saw the end"),
        pytest.param(
            [ARRIVED, ENDED, fact(Kind.LOST, 90)], after(0), None, after(60), id="who saw the end is believed"
        ),
        pytest.param(
            [fact(Kind.RECORDED, 60, started_at=after(-2), answered_at=after(20))],
            after(-2),
            after(20),
            after(60),
            id="all from the CDR",
        ),
    ],
)
def test_times(facts: list[CallFact], started: datetime, answered: datetime | None, ended: datetime | None) -> None:
    """A call's times are the widest that can be true."""
    call = summarize(facts)

    assert (started, answered, ended) == (call.started_at, call.answered_at, call.ended_at)


def test_what_was_seen_is_kept() -> None:
    """The first caller and trunk, the last category and language."""
    call = summarize([ARRIVED, CHOSEN, fact(Kind.CHOSEN, 8, category="medis"), fact(Kind.ENDED, 60, caller="62811")])

    assert (call.caller, call.trunk, call.category, call.language) == ("+62811", "telkom-a", "medis", "id")


@pytest.mark.parametrize(
    ("facts", "cut"),
    [
        pytest.param([ARRIVED, ANSWERED], None, id="goes on"),
        pytest.param([ARRIVED, ANSWERED, ENDED], None, id="ended"),
        pytest.param([ARRIVED, ANSWERED, fact(Kind.LOST, 90)], after(90), id="lost"),
        pytest.param([ARRIVED, ANSWERED, fact(Kind.LOST, 90), ENDED], None, id="lost, but somebody saw its end"),
    ],
)
def test_a_call_that_was_lost_was_cut(facts: list[CallFact], cut: datetime | None) -> None:
    """Only as long as nobody who saw the end says otherwise."""
    assert cut == summarize(facts).cut_at
