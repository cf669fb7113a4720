"""Marks that persons give: to a ticket, or by telephone to an operator's last call."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.calls.acts import LastCallMarked
from tickets.calls.facts import CallFact
from tickets.calls.marking import apply_mark, require_markable
from tickets.calls.merging import CallContext, record_fact
from tickets.calls.summary import LONGEST_CALL
from tickets.errors import IllegalStatusChangeError, UnknownTicketError
from tickets.model.call import Call, CallFactRow
from tickets.model.ticket import Ticket
from tickets.vocabulary import CallFactKind, Mark

LAST = timedelta(hours=1)
"""A mark by telephone is for a call that was talked on so recently: dialled by mistake it must hit no other."""

# The facts whose operator talked with the caller; a `routed` one only rang.
TALKED = frozenset({CallFactKind.ANSWERED, CallFactKind.TRANSFERRED, CallFactKind.ENDED, CallFactKind.RECORDED})


def mark_ticket(
    session: Session,
    ticket: Ticket,
    mark: Mark,
    *,
    actor: str,
    at: datetime,
    context: CallContext,
    original: Ticket | None = None,
) -> None:
    """Mark a ticket, and the call that it came from; `original` is what a duplicate is a duplicate of.

    Raises `IllegalStatusChangeError` when the ticket's status does not allow it or it would be its own duplicate.
    """
    if original is not None and original.id == ticket.id:
        raise IllegalStatusChangeError(f"ticket {ticket.number} cannot be a duplicate of itself")
    require_markable(ticket, mark)
    detail = f"of {original.number}" if original is not None else ""
    if ticket.call_id is None:
        apply_mark(session, ticket, mark, actor=actor, at=at, detail=detail)
        return
    fact = CallFact(
        call_id=ticket.call_id, kind=CallFactKind.MARKED, at=at, mark=mark, actor=actor, detail=detail or None
    )
    record_fact(session, fact, context)


def mark_last_call(session: Session, act: LastCallMarked, context: CallContext) -> Call:
    """Mark the call that this operator talked on last; raises `UnknownTicketError` when there was none lately."""
    call_id = last_call_of(session, act.operator, act.at)
    if call_id is None:
        raise UnknownTicketError(f"operator {act.operator} had no call in the hour before the mark")
    fact = CallFact(
        call_id=call_id, kind=CallFactKind.MARKED, at=act.at, mark=act.mark, actor=f"operator:{act.operator}"
    )
    return record_fact(session, fact, context)


def last_call_of(session: Session, operator: str, at: datetime) -> str | None:
    """The call that this operator had last before `at`; one that was led on to the operator counts too."""
    query = (
        select(CallFactRow.call_id, CallFactRow.fields)
        .join(Call, Call.id == CallFactRow.call_id)
        .where(
            # Nobody talks for so long: it keeps the search off the calls of years.
            Call.started_at >= at - LONGEST_CALL,
            CallFactRow.kind.in_(TALKED),
            CallFactRow.at.between(at - LAST, at),
        )
        .order_by(CallFactRow.at.desc(), CallFactRow.id.desc())
    )
    for call_id, fields in session.execute(query):
        if json.loads(fields).get("operator") == operator:
            return str(call_id)
    return None
