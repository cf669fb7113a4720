"""Marks that persons give to a ticket; one by telephone is a fact of the operator's last call."""

from datetime import datetime

from sqlalchemy.orm import Session

from tickets.calls.facts import CallFact
from tickets.calls.marking import apply_mark, require_markable
from tickets.calls.merging import CallContext, record_fact
from tickets.errors import IllegalStatusChangeError
from tickets.model.ticket import Ticket
from tickets.vocabulary import CallFactKind, Mark


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
