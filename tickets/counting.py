"""How many tickets and messages there are, for monitoring."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.vocabulary import Channel, Direction, MessageState


def tickets_by_channel(session: Session) -> Mapping[Channel, int]:
    """How many tickets each channel has brought; every channel is there."""
    rows = session.execute(select(Ticket.channel, func.count()).group_by(Ticket.channel))
    return dict.fromkeys(Channel, 0) | {row[0]: row[1] for row in rows}


def messages_by_state(session: Session) -> Mapping[tuple[Direction, MessageState], int]:
    """How many messages of each direction are in each state."""
    query = select(Message.direction, Message.state, func.count()).group_by(Message.direction, Message.state)
    return {(direction, state): count for direction, state, count in session.execute(query)}
