"""What the outside sees of tickets, calls and messages: frozen, detached from the database, and as JSON."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickets.model.call import Call
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.ticketing import Location
from tickets.vocabulary import Channel, Direction, Kind, MessageState, Outcome, Status, TicketAction

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket as the outside sees it; times carry the site's offset."""

    number: str
    channel: Channel
    kind: Kind
    category: str
    priority: int
    status: Status
    agencies: tuple[str, ...]
    reporter: str | None
    text: str
    place: str | None
    location: Location | None
    language: str | None
    created_at: datetime
    updated_at: datetime
    call_id: str | None
    message_ids: tuple[int, ...]

    def to_json(self) -> Json:
        """The fields of a ticket in every listing and answer."""
        place = self.location
        return {
            "number": self.number,
            "channel": self.channel.value,
            "kind": self.kind.value,
            "category": self.category,
            "priority": self.priority,
            "status": self.status.value,
            "agencies": list(self.agencies),
            "reporter": self.reporter,
            "text": self.text,
            "place": self.place,
            "location": {"lat": place.lat, "lon": place.lon, "radius": place.radius} if place else None,
            "language": self.language,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
            "call_id": self.call_id,
            "message_ids": list(self.message_ids),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call as the outside sees it; `ticket` is the ticket's number. Of one that went out `called` is to whom."""

    id: str
    direction: Direction
    caller: str | None
    called: str | None
    trunk: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    operator: str | None
    category: str | None
    outcome: Outcome | None
    ticket: str | None

    def to_json(self) -> Json:
        """The fields of a call in every listing."""
        return {
            "id": self.id,
            "direction": self.direction.value,
            "caller": self.caller,
            "called": self.called,
            "trunk": self.trunk,
            "started_at": rfc3339(self.started_at),
            "answered_at": self.answered_at and rfc3339(self.answered_at),
            "ended_at": self.ended_at and rfc3339(self.ended_at),
            "operator": self.operator,
            "category": self.category,
            "outcome": self.outcome and self.outcome.value,
            "ticket": self.ticket,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as the outside sees it; `ticket` is the ticket's number, `pdu` and `reason` are for dead ones."""

    id: int
    direction: Direction
    channel: Channel
    modem: str | None
    sender: str | None
    recipient: str | None
    text: str | None
    state: MessageState
    error: str | None
    ticket: str | None
    created_at: datetime
    pdu: str | None
    reason: str | None

    def to_json(self) -> Json:
        """The fields of a message in every listing; a dead one has `pdu` and `reason` too."""
        shown: Json = {
            "id": self.id,
            "direction": self.direction.value,
            "channel": self.channel.value,
            "modem": self.modem,
            "from": self.sender,
            "to": self.recipient,
            "text": self.text,
            "state": self.state.value,
            "error": self.error,
            "ticket": self.ticket,
            "created_at": rfc3339(self.created_at),
        }
        if self.state is MessageState.DEAD:
            shown |= {"pdu": self.pdu, "reason": self.reason}
        return shown


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of a ticket's history: who did what to it, and when."""

    at: datetime
    actor: str
    action: TicketAction
    detail: str

    def to_json(self) -> Json:
        """The fields of a line."""
        return {"at": rfc3339(self.at), "actor": self.actor, "action": self.action.value, "detail": self.detail}


def rfc3339(at: datetime) -> str:
    """An aware time as RFC 3339, to the millisecond, with the offset that it carries."""
    return at.isoformat(timespec="milliseconds")


def view_ticket(ticket: Ticket, timezone: ZoneInfo) -> TicketView:
    """A ticket as seen from the city; within the session that loaded it."""
    location = None
    if ticket.latitude is not None and ticket.longitude is not None:
        location = Location(ticket.latitude, ticket.longitude, ticket.radius)
    return TicketView(
        number=ticket.number,
        channel=ticket.channel,
        kind=ticket.kind,
        category=ticket.category,
        priority=ticket.priority,
        status=ticket.status,
        agencies=ticket.agency_codes(),
        reporter=ticket.reporter,
        text=ticket.text,
        place=ticket.place,
        location=location,
        language=ticket.language,
        created_at=ticket.created_at.astimezone(timezone),
        updated_at=ticket.updated_at.astimezone(timezone),
        call_id=ticket.call_id,
        message_ids=tuple(message.id for message in ticket.messages),
    )


def view_history(ticket: Ticket, timezone: ZoneInfo) -> tuple[EventView, ...]:
    """A ticket's history, oldest first, as seen from the city; within the session that loaded the ticket."""
    return tuple(
        EventView(event.at.astimezone(timezone), event.actor, event.action, event.detail) for event in ticket.events
    )


def view_call(call: Call, timezone: ZoneInfo) -> CallView:
    """A call as seen from the city; within the session that loaded it."""
    return CallView(
        id=call.id,
        direction=call.direction,
        caller=call.caller,
        called=call.called,
        trunk=call.trunk,
        started_at=call.started_at.astimezone(timezone),
        answered_at=call.answered_at and call.answered_at.astimezone(timezone),
        ended_at=call.ended_at and call.ended_at.astimezone(timezone),
        operator=call.operator,
        category=call.category,
        outcome=call.outcome,
        ticket=call.about.number if call.about else None,
    )


def view_message(message: Message, timezone: ZoneInfo) -> MessageView:
    """A message as seen from the city; within the session that loaded it."""
    return MessageView(
        id=message.id,
        direction=message.direction,
        channel=message.channel,
        modem=message.modem,
        sender=message.sender,
        recipient=message.recipient,
        text=message.text,
        state=message.state,
        error=message.error,
        ticket=message.ticket.number if message.ticket else None,
        created_at=message.created_at.astimezone(timezone),
        pdu=message.pdu,
        reason=message.reason,
    )
