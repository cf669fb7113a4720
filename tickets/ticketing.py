"""What is done with tickets: open, find, list, change the status. Each change leaves a line in the ticket's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session, selectinload

from tickets.errors import UnknownTicketError
from tickets.model.ticket import Ticket, TicketEvent
from tickets.numbering import next_number
from tickets.site import Site
from tickets.status import require_allowed
from tickets.vocabulary import Channel, Kind, Status, TicketAction


@dataclass(frozen=True, slots=True)
class Location:
    """A point (WGS84, degrees) and how far off it may be (metres; None: not known)."""

    lat: float
    lon: float
    radius: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A report that is to become a ticket.

    `at` is when the citizen reported (aware). `actor` is who opens it: a part (`sms`, `call`) or `operator:1001`.
    Without `kind` a ticket of priority 1 is an emergency and any other a complaint.
    """

    channel: Channel
    category: str
    priority: int
    agencies: tuple[str, ...]
    text: str
    at: datetime
    actor: str
    reporter: str | None = None
    place: str | None = None
    location: Location | None = None
    language: str | None = None
    call_id: str | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """What a listing shows; None means all."""

    channel: Channel | None = None
    category: str | None = None
    status: Status | None = None
    since: datetime | None = None
    limit: int = 100


def kind_of(priority: int) -> Kind:
    """The kind that a priority stands for when nobody said otherwise."""
    return Kind.EMERGENCY if priority == 1 else Kind.COMPLAINT


def open_ticket(session: Session, site: Site, new: NewTicket) -> Ticket:
    """Write a new ticket with its number, its agencies and the first line of its history."""
    ticket = add_ticket(session, site, new)
    session.flush()
    return ticket


def add_ticket(session: Session, site: Site, new: NewTicket) -> Ticket:
    """`open_ticket` for who opens several: the session writes them together when it is flushed."""
    location = new.location
    with session.no_autoflush:
        number = next_number(session, site, new.at)
    ticket = Ticket(
        number=number,
        channel=new.channel,
        kind=new.kind or kind_of(new.priority),
        category=new.category,
        priority=new.priority,
        status=Status.NEW,
        reporter=new.reporter,
        text=new.text,
        place=new.place,
        latitude=location.lat if location else None,
        longitude=location.lon if location else None,
        radius=location.radius if location else None,
        language=new.language,
        call_id=new.call_id,
        created_at=new.at,
        updated_at=new.at,
    )
    ticket.assign(new.agencies)
    session.add(ticket)
    record_event(ticket, TicketAction.OPENED, actor=new.actor, at=new.at, detail=f"{new.channel} {new.category}")
    return ticket


def record_event(ticket: Ticket, action: TicketAction, *, actor: str, at: datetime, detail: str) -> None:
    """Add a line to the ticket's history and mark it as changed."""
    # Not by `ticket.events`, which would first load a history that may be long.
    event = TicketEvent(ticket=ticket, at=at, actor=actor, action=action, detail=detail)
    session = object_session(ticket)
    if session is None:
        raise ValueError("a ticket outside a transaction has no history to write")
    session.add(event)
    ticket.updated_at = max(ticket.updated_at, at)


def find(session: Session, number: str) -> Ticket:
    """The ticket with this number, however it was typed; raises `UnknownTicketError`."""
    wanted = number.strip().upper()
    ticket = session.scalars(select(Ticket).where(Ticket.number == wanted)).one_or_none()
    if ticket is None:
        raise UnknownTicketError(f"no ticket has the number {wanted!r}")
    return ticket


def locate(ticket: Ticket, location: Location | None, place: str | None) -> None:
    """Fill in where it is, so far as the ticket does not say."""
    if location is not None and ticket.latitude is None:
        ticket.latitude, ticket.longitude, ticket.radius = location.lat, location.lon, location.radius
    ticket.place = ticket.place or place


def list_tickets(session: Session, wanted: TicketFilter) -> Sequence[Ticket]:
    """Tickets, newest first, with what their views need."""
    query = select(Ticket).options(selectinload(Ticket.messages))
    for column, value in (
        (Ticket.channel, wanted.channel),
        (Ticket.category, wanted.category),
        (Ticket.status, wanted.status),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(Ticket.created_at >= wanted.since)
    return session.scalars(query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(wanted.limit)).all()


def change_status(
    session: Session, ticket: Ticket, status: Status, *, actor: str, at: datetime, note: str = ""
) -> None:
    """Move a ticket along its status table; raises `IllegalStatusChangeError` and changes nothing."""
    # What another process did meanwhile decides, not what this session read before.
    session.refresh(ticket, with_for_update={"of": Ticket})
    require_allowed(ticket.status, status)
    detail = f"{ticket.status} -> {status}" + (f": {note}" if note else "")
    ticket.status = status
    record_event(ticket, TicketAction.STATUS_CHANGED, actor=actor, at=at, detail=detail)
    session.flush()
