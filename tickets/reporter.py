"""A reporter's own tickets: those that a further message may belong to, and the one that is asked about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.inserting import serialize
from tickets.model_ticket import Ticket
from tickets.status import OPEN
from tickets.ticketing import kind_of, record_event
from tickets.vocabulary import Channel, TicketAction


def open_tickets(session: Session, reporter: str, channel: Channel, since: datetime) -> Sequence[Ticket]:
    """The tickets that this reporter opened by this channel after that time and that are worked on, newest first.

    Other transactions that ask about the same reporter wait until this one ends.
    """
    serialize(session, f"{channel} {reporter}")
    query = select(Ticket).where(
        Ticket.reporter == reporter,
        Ticket.channel == channel,
        Ticket.created_at >= since,
        Ticket.status.in_(OPEN),
    )
    return session.scalars(query.order_by(Ticket.created_at.desc(), Ticket.id.desc())).all()


def newest_ticket(
    session: Session, reporter: str, *, serial: int | None = None, year: int | None = None, only_open: bool = False
) -> Ticket | None:
    """This reporter's newest ticket, by whatever channel; with that serial and year in its number where they are given.

    Somebody else's is never found.
    """
    query = select(Ticket).where(Ticket.reporter == reporter)
    if serial is not None:
        query = query.where(Ticket.number.like(f"%-{serial:06d}"))
    if year is not None:
        query = query.where(Ticket.number.like(f"%-{year}-%"))
    if only_open:
        query = query.where(Ticket.status.in_(OPEN))
    return session.scalars(query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(1)).one_or_none()


def raise_priority(ticket: Ticket, priority: int, *, actor: str, at: datetime) -> None:
    """What came later tells that it is more urgent; a ticket that is as urgent already stays as it is."""
    if ticket.priority <= priority:
        return
    detail = f"priority {ticket.priority} -> {priority}"
    ticket.priority = priority
    ticket.kind = kind_of(priority)
    record_event(ticket, TicketAction.CLASSIFIED, actor=actor, at=at, detail=detail)
