"""Conversations: tickets on whose account an operator has written to the reporter, who writes back.

What an operator wrote is told from our automatic replies by what it answers: a reply belongs to one message.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tickets.messages.outbox import OutgoingMessage, queue_outgoing
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.status import OPEN
from tickets.ticketing import record_event
from tickets.vocabulary import Channel, Direction, TicketAction

ACTOR = "operator"


@dataclass(frozen=True, slots=True)
class Way:
    """A line and what is sent by it."""

    modem: str
    channel: Channel


def talked_at(session: Session, reporter: str, channel: Channel, since: datetime) -> dict[int, datetime]:
    """The open tickets, by id, in which an operator and this reporter converse by this channel: when was the last word.

    Only those with a word since that time, from either of them.
    """
    by_operator = aliased(Message)
    written = select(by_operator.id).where(
        by_operator.direction == Direction.OUT,
        by_operator.channel == channel,
        by_operator.recipient == reporter,
        by_operator.in_reply_to_id.is_(None),
        by_operator.ticket_id == Ticket.id,
    )
    query = (
        select(Ticket.id, func.max(Message.created_at))
        .join(Message, Message.ticket_id == Ticket.id)
        .where(
            Ticket.reporter == reporter,
            Ticket.status.in_(OPEN),
            Message.created_at >= since,
            written.exists(),
        )
        .group_by(Ticket.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def way_to_reporter(session: Session, ticket: Ticket) -> Way | None:
    """The line that the reporter's last message on this ticket came by; None when none did, as after a call."""
    query = select(Message.modem, Message.channel).where(
        Message.ticket_id == ticket.id, Message.direction == Direction.IN, Message.modem.is_not(None)
    )
    found = session.execute(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(1)).one_or_none()
    return None if found is None else Way(found[0] or "", found[1])


def say(session: Session, message: OutgoingMessage) -> Message:
    """Queue what an operator writes; with a ticket it is a word of that ticket's conversation."""
    row = queue_outgoing(session, message)
    if message.ticket is not None:
        record_event(
            message.ticket, TicketAction.MESSAGE_ATTACHED, actor=ACTOR, at=message.at, detail=f"message {row.id}"
        )
    return row
