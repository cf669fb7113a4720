"""What the facts of one call add up to. Pure: the same facts in any order, however often, give the same summary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from tickets.calls.facts import CallFact
from tickets.calls.verdicts import VERDICTS
from tickets.vocabulary import CallFactKind, Mark, Outcome

# No call lasts longer; a later end was seen by a clock that is wrong.
LONGEST_CALL = timedelta(hours=24)

# (answered by an operator, the fallback had begun) -> how the call ended, when no fact says it better.
OUTCOMES: Mapping[tuple[bool, bool], Outcome] = {
    (True, False): Outcome.ANSWERED,
    (True, True): Outcome.FAIL_OPEN,
    (False, False): Outcome.ABANDONED,
    (False, True): Outcome.UNANSWERED,
}

# Of several who told how it ended: that it was led on to somebody else says more than what it was like before.
WEIGHTIEST = Outcome.TRANSFERRED

RANK = {kind: rank for rank, kind in enumerate(CallFactKind)}

ENDS = frozenset({CallFactKind.ENDED, CallFactKind.RECORDED})

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummary:
    """A call as its facts tell it. `outcome` stays None while it is live.

    `cut_at`: it was lost while it was up, and nobody saw it end. `mark` is the last one that a person gave it.
    """

    caller: str | None
    called: str | None
    trunk: str | None
    did: str | None
    node: str | None
    language: str | None
    category: str | None
    operator: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    fallback: bool
    outcome: Outcome | None
    cut_at: datetime | None
    mark: Mark | None
    marked_at: datetime | None


def summarize(facts: Iterable[CallFact]) -> CallSummary:
    """The call that these facts tell of (one at least).

    Who called, on what line: the first that was seen. What was chosen: the last. The call started at the earliest and
    ended at the latest time that can be true. Its operator is the first who answered; until somebody did, the one whose
    phone rings; nobody once it ended unanswered. Of a call that an operator made it is that one. A person's last mark
    decides the outcome.
    """
    ordered = _ordered(facts)
    answered = _was_answered(ordered)
    started_at = min(time for fact in ordered for time in (fact.at, fact.started_at) if time is not None)
    ended_at = _ended_at(ordered, started_at)
    fallback = any(fact.fallback for fact in ordered)
    marked = _first(fact for fact in reversed(ordered) if fact.mark is not None)
    return CallSummary(
        caller=_first(fact.caller for fact in ordered),
        called=_first(fact.called for fact in ordered),
        trunk=_first(fact.trunk for fact in ordered),
        did=_first(fact.did for fact in ordered),
        node=_first(fact.node for fact in ordered),
        language=_first(fact.language for fact in reversed(ordered)),
        category=_first(fact.category for fact in reversed(ordered)),
        operator=_operator(ordered, answered=answered, ended=ended_at is not None),
        started_at=started_at,
        answered_at=_answered_at(ordered),
        ended_at=ended_at,
        fallback=fallback,
        outcome=_outcome(ordered, answered=answered, fallback=fallback, ended=ended_at is not None),
        cut_at=None if any(fact.kind in ENDS for fact in ordered) else ended_at,
        mark=marked.mark if marked else None,
        marked_at=marked.at if marked else None,
    )


def _ordered(facts: Iterable[CallFact]) -> Sequence[CallFact]:
    ordered = sorted(facts, key=_order)
    if len({_order(fact) for fact in ordered}) < len(ordered):
        # Digests cost much and are needed by those alone that nothing else tells apart.
        ordered.sort(key=lambda fact: (*_order(fact), fact.digest()))
    return ordered


def _order(fact: CallFact) -> tuple[datetime, int]:
    return fact.at, RANK[fact.kind]


def _first(values: Iterable[Value | None]) -> Value | None:
    return next((value for value in values if value is not None), None)


def _was_answered(facts: Sequence[CallFact]) -> bool:
    return any(fact.kind is CallFactKind.ANSWERED or fact.answered or fact.answered_at for fact in facts)


def _answered_at(facts: Sequence[CallFact]) -> datetime | None:
    seen = [fact.at for fact in facts if fact.kind is CallFactKind.ANSWERED]
    told = [fact.answered_at for fact in facts if fact.answered_at is not None]
    return min(seen + told, default=None)


def _ended_at(facts: Sequence[CallFact], started_at: datetime) -> datetime | None:
    # That a call is lost is noticed late: whoever saw its end knows better.
    ends = [fact.at for fact in facts if fact.kind in ENDS] or [
        fact.at for fact in facts if fact.kind is CallFactKind.LOST
    ]
    sane = [end for end in ends if end <= started_at + LONGEST_CALL]
    # Where no end can be true the start is wrong; that the call ended is still known.
    return max(sane) if sane else min(ends, default=None)


def _operator(facts: Sequence[CallFact], *, answered: bool, ended: bool) -> str | None:
    if not answered and not any(fact.called for fact in facts):
        return None if ended else _first(fact.operator for fact in reversed(facts))
    who_answered = _first(fact.operator for fact in facts if fact.kind is CallFactKind.ANSWERED)
    # Whose phone was rung may not be who answered: that may have been the outside number, which is no operator.
    return who_answered or _first(fact.operator for fact in reversed(facts) if fact.kind is not CallFactKind.ROUTED)


def _outcome(facts: Sequence[CallFact], *, answered: bool, fallback: bool, ended: bool) -> Outcome | None:
    mark = _first(fact.mark for fact in reversed(facts))
    if mark is not None and VERDICTS[mark].outcome is not None:
        return VERDICTS[mark].outcome
    told = [fact.outcome for fact in facts if fact.outcome is not None]
    if told:
        return WEIGHTIEST if WEIGHTIEST in told else told[-1]
    return OUTCOMES[answered, fallback] if ended else None
