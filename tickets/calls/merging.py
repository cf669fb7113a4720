"""Calls: each fact that comes is merged into one call and exactly one ticket, whatever the order and however often."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from siaga112 import phone
from tickets.calls.callbacks import returned_call, settle_callbacks
from tickets.calls.caller_locations import locate_call, numbers_placed
from tickets.calls.diversions import NO_DIVERSION, PrankPolicy, settle_diversion
from tickets.calls.facts import CallFact
from tickets.calls.holding import HeldCall, hold_calls
from tickets.calls.marking import apply_mark
from tickets.calls.recordings import HEARD_LIVE, record_sound
from tickets.calls.summary import CallSummary, summarize
from tickets.classification import Catalogue, Classification
from tickets.database.columns import name_kept
from tickets.model.call import Call
from tickets.model.ticket import Ticket
from tickets.site import Site
from tickets.ticketing import NewTicket, add_ticket, kind_of, record_event
from tickets.vocabulary import CallFactKind, Channel, Direction, Outcome, SoundAction, Status, TicketAction

ACTOR = "call"

BY_PERSONS = frozenset({CallFactKind.TRANSFERRED, CallFactKind.MARKED, CallFactKind.LISTENED})
"""Facts that tell what a person did to a call, beside what it adds up to."""

SUMMED_UP = tuple(field.name for field in fields(CallSummary))


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a call's facts do not say: the city, the number that its citizens dial, its categories, what pranks lead to.

    `country` (ISO 3166-1) is where a number without a country code is dialled.
    """

    site: Site
    number: str
    catalogue: Catalogue
    country: str = "ID"
    pranks: PrankPolicy = NO_DIVERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """What a listing shows; None means all."""

    outcome: Outcome | None = None
    direction: Direction | None = None
    since: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of facts: the calls that they are of, and the numbers of which more may have changed than calls.

    That is who is on the call-back list or was, whose calls were marked, and who is of a fact that was known already.
    """

    calls: Sequence[Call]
    numbers: frozenset[str]


def record_fact(session: Session, fact: CallFact, context: CallContext) -> Call:
    """`record_facts` for one."""
    return record_facts(session, [fact], context).calls[0]


def record_facts(session: Session, facts: Sequence[CallFact], context: CallContext) -> Recorded:
    """Merge facts, of one call or of many; one that is known already changes nothing.

    A call that an operator made has no ticket of its own: it is about that of the call in vain that it answers, if any.
    Else the ticket opens with the first fact that is more than an arrival, so a console shows the call while the phone
    still rings. A category that comes later updates the ticket as long as nobody has worked on it (status `new`).
    """
    held = hold_calls(session, facts)
    placed = numbers_placed(session, {fact.caller for one in held for fact in (*one.known, *one.fresh)})
    settled: set[str] = set()
    for strangers in _strangers(held):
        for one in strangers:
            _merge(session, one, placed, context)
        session.flush()
        settled |= settle_callbacks(session, [one.call for one in strangers if one.fresh], context.country)
    numbers = {one.call.caller or one.call.called for one in held if one.repeated or one.call.mark is not None}
    return Recorded([one.call for one in held], frozenset(settled | {number for number in numbers if number}))


def list_calls(session: Session, wanted: CallFilter) -> Sequence[Call]:
    """Calls, newest first, with what their views need."""
    query = select(Call).options(selectinload(Call.ticket), selectinload(Call.returned).selectinload(Call.ticket))
    if wanted.direction is not None:
        query = query.where(Call.called.is_(None) if wanted.direction is Direction.IN else Call.called.is_not(None))
    if wanted.outcome is not None:
        query = query.where(Call.outcome == wanted.outcome)
    if wanted.since is not None:
        query = query.where(Call.started_at >= wanted.since)
    return session.scalars(query.order_by(Call.started_at.desc(), Call.id.desc()).limit(wanted.limit)).all()


def _strangers(held: Sequence[HeldCall]) -> Iterator[Sequence[HeldCall]]:
    """Calls in turns in which no number comes twice: what a call means may follow from those before of its number."""
    turn: list[HeldCall] = []
    numbers: set[str] = set()
    for one in held:
        own = {number for fact in (*one.known, *one.fresh) for number in (fact.caller, fact.called) if number}
        if own & numbers:
            yield turn
            turn, numbers = [], set()
        turn.append(one)
        numbers |= own
    yield turn


def _merge(session: Session, held: HeldCall, placed: Set[str], context: CallContext) -> None:
    seen = [*held.known]
    for step in _steps(held.fresh):
        seen += step
        _take(session, held.call, summarize(seen), step, context)
        _about_caller(session, held.call, placed, context)


def _steps(facts: Sequence[CallFact]) -> Iterator[Sequence[CallFact]]:
    """What is seen in one go. Each thing that a person did is a line of the ticket's history, and a step of its own."""
    for by_person, together in groupby(facts, lambda fact: fact.kind in BY_PERSONS):
        if by_person:
            yield from ([fact] for fact in together)
        else:
            yield [*together]


def _take(session: Session, call: Call, summary: CallSummary, step: Sequence[CallFact], context: CallContext) -> None:
    for name in SUMMED_UP:
        setattr(call, name, getattr(summary, name))
    if call.ticket is not None:
        _update_ticket(call.ticket, call, step, context)
    elif call.direction is Direction.OUT:
        call.returns = call.returns or returned_call(session, call)
    elif any(fact.kind is not CallFactKind.ARRIVED for fact in step):
        _open_ticket(session, call, context)
    if step[0].kind in BY_PERSONS:
        _follow(session, call, step[0])


def _about_caller(session: Session, call: Call, placed: Set[str], context: CallContext) -> None:
    """What else is known of the number that called."""
    if call.caller is None:
        return
    if name_kept(call.caller) in placed:
        locate_call(session, call)
    if call.mark is not None and phone.tells_caller(call.caller, context.country):
        settle_diversion(session, call, context.pranks)


def _follow(session: Session, call: Call, fact: CallFact) -> None:
    """What persons did to a call, beside what it adds up to."""
    actor = fact.actor or ACTOR
    session.flush()
    if fact.kind is CallFactKind.LISTENED:
        how = HEARD_LIVE.get(fact.detail or "", SoundAction.LISTEN)
        record_sound(session, call.id, how, actor=actor, at=fact.at)
    if call.ticket is None:
        return
    if fact.kind is CallFactKind.TRANSFERRED:
        record_event(call.ticket, TicketAction.TRANSFERRED, actor=actor, at=fact.at, detail=fact.detail or "")
    # An older mark that comes late is history already.
    if fact.mark is not None and call.marked_at == fact.at:
        apply_mark(session, call.ticket, fact.mark, actor=actor, at=fact.at, detail=fact.detail or "")


def _classify(call: Call, context: CallContext) -> Classification:
    return context.catalogue.find(call.category) or context.catalogue.unclassified()


def _text(classification: Classification, context: CallContext) -> str:
    return f"Panggilan {context.number}: {classification.label}"


def _open_ticket(session: Session, call: Call, context: CallContext) -> None:
    classification = _classify(call, context)
    call.ticket = add_ticket(
        session,
        context.site,
        NewTicket(
            channel=Channel.CALL,
            category=classification.category,
            priority=classification.priority,
            agencies=classification.agencies,
            text=_text(classification, context),
            at=call.started_at,
            actor=ACTOR,
            reporter=call.caller,
            language=call.language,
            call_id=call.id,
        ),
    )


def _update_ticket(ticket: Ticket, call: Call, step: Sequence[CallFact], context: CallContext) -> None:
    ticket.reporter = ticket.reporter or call.caller
    ticket.language = call.language or ticket.language
    classification = context.catalogue.find(call.category)
    if classification is None or ticket.status is not Status.NEW or ticket.text == _text(classification, context):
        return
    before = ticket.category
    ticket.category = classification.category
    ticket.priority = classification.priority
    ticket.kind = kind_of(classification.priority)
    ticket.text = _text(classification, context)
    ticket.assign(classification.agencies)
    detail = f"{before} -> {classification.category}"
    at = max(fact.at for fact in step)
    record_event(ticket, TicketAction.CLASSIFIED, actor=ACTOR, at=at, detail=detail)
