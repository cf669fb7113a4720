"""Calls: each fact that comes is merged into one call and exactly one ticket, whatever the order and however often."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from siaga112 import phone
from tickets.calls.callbacks import returned_call, settle_callback
from tickets.calls.caller_locations import hold_callers, locate_call
from tickets.calls.diversions import NO_DIVERSION, PrankPolicy, divert_if_due
from tickets.calls.facts import CallFact
from tickets.calls.marking import apply_mark
from tickets.calls.recordings import HEARD_LIVE, record_sound
from tickets.calls.summary import summarize
from tickets.classification import Catalogue, Classification
from tickets.database.inserting import insert_once
from tickets.model.call import Call, CallFactRow
from tickets.model.ticket import Ticket
from tickets.site import Site
from tickets.ticketing import NewTicket, kind_of, open_ticket, record_event
from tickets.vocabulary import CallFactKind, Channel, Direction, Outcome, SoundAction, Status, TicketAction

ACTOR = "call"


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


def record_fact(session: Session, fact: CallFact, context: CallContext) -> Call:
    """Merge one fact. A fact that is known already changes nothing.

    A call that an operator made has no ticket of its own: it is about that of the call in vain that it answers, if any.
    Else the ticket opens with the first fact that is more than an arrival, so a console shows the call while the phone
    still rings. A category that comes later updates the ticket as long as nobody has worked on it (status `new`).
    """
    call = _locked_call(session, fact)
    if not _keep(session, fact):
        return call
    summary = summarize(_facts(session, call))
    for name, value in asdict(summary).items():
        setattr(call, name, value)
    if call.ticket is not None:
        _update_ticket(call.ticket, call, fact, context)
    elif call.direction is Direction.OUT:
        call.returns = call.returns or returned_call(session, call)
    elif fact.kind is not CallFactKind.ARRIVED:
        _open_ticket(session, call, context)
    _follow(session, call, fact)
    if call.caller is not None:
        locate_call(session, call)
        if phone.tells_caller(call.caller, context.country):
            divert_if_due(session, call, context.pranks)
    session.flush()
    if call.ended_at is not None or call.answered_at is not None:
        settle_callback(session, call, context.country)
    return call


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


def _follow(session: Session, call: Call, fact: CallFact) -> None:
    """What persons did to a call, beside what it adds up to."""
    actor = fact.actor or ACTOR
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


def _locked_call(session: Session, fact: CallFact) -> Call:
    known = session.scalars(select(Call.caller).where(Call.id == fact.call_id)).one_or_none()
    hold_callers(session, known, fact.caller)
    # Two workers may hold facts of the same call: the row is made first and locked, so that they take turns.
    insert_once(session, Call, (Call.id,), {"id": fact.call_id, "started_at": fact.at, "fallback": False})
    query = select(Call).where(Call.id == fact.call_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def _keep(session: Session, fact: CallFact) -> bool:
    values = {
        "call_id": fact.call_id,
        "digest": fact.digest(),
        "kind": fact.kind,
        "at": fact.at,
        "fields": json.dumps(fact.to_fields()),
    }
    return insert_once(session, CallFactRow, (CallFactRow.call_id, CallFactRow.digest), values)


def _facts(session: Session, call: Call) -> list[CallFact]:
    rows = session.scalars(select(CallFactRow.fields).where(CallFactRow.call_id == call.id))
    return [CallFact.from_fields(json.loads(fields)) for fields in rows]


def _classify(call: Call, context: CallContext) -> Classification:
    return context.catalogue.find(call.category) or context.catalogue.unclassified()


def _text(classification: Classification, context: CallContext) -> str:
    return f"Panggilan {context.number}: {classification.label}"


def _open_ticket(session: Session, call: Call, context: CallContext) -> None:
    classification = _classify(call, context)
    call.ticket = open_ticket(
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


def _update_ticket(ticket: Ticket, call: Call, fact: CallFact, context: CallContext) -> None:
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
    record_event(ticket, TicketAction.CLASSIFIED, actor=ACTOR, at=fact.at, detail=detail)
