"""A reporter's own tickets: those that a further message may belong to, and the one that is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tickets.database.inserting import serialize
from tickets.messages.conversations import talked_at
from tickets.model.ticket import Ticket
from tickets.status import OPEN
from tickets.ticketing import kind_of, record_event
from tickets.vocabulary import Channel, TicketAction


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket that is worked on, and when the last word was where an operator has written to the reporter."""

    ticket: Ticket
    talked_at: datetime | None


def open_tickets(session: Session, reporter: str, channel: Channel, since: datetime) -> Sequence[OpenTicket]:
    """The tickets of this reporter that are worked on and that something by this channel may be about, newest first.

    Those that were opened by it after that time, and those, however opened, with a conversation that goes on since.
    Other transactions that ask about the same reporter wait until this one ends.
    """
    serialize(session, f"{channel} {reporter}")
    talked = talked_at(session, reporter, channel, since)
    query = select(Ticket).where(
        Ticket.reporter == reporter,
        Ticket.status.in_(OPEN),
        or_(and_(Ticket.channel == channel, Ticket.created_at >= since), Ticket.id.in_(talked)),
    )
    found = session.scalars(query.order_by(Ticket.created_at.desc(), Ticket.id.desc()))
    return [OpenTicket(ticket, talked.get(ticket.id)) for ticket in found]


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
