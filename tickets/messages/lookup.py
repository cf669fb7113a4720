"""Messages of both directions: found, listed, held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tickets.errors import UnknownMessageError
from tickets.model.message import Message
from tickets.vocabulary import Direction, MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """What a listing shows; None means all."""

    direction: Direction | None = None
    state: MessageState | None = None
    since: datetime | None = None
    limit: int = 100


def find_message(session: Session, message_id: int) -> Message:
    """The message with this id; raises `UnknownMessageError`."""
    message = session.get(Message, message_id)
    if message is None:
        raise UnknownMessageError(f"there is no message {message_id}")
    return message


def list_messages(session: Session, wanted: MessageFilter) -> Sequence[Message]:
    """Messages, newest first, with what their views need."""
    query = select(Message).options(selectinload(Message.ticket))
    if wanted.direction is not None:
        query = query.where(Message.direction == wanted.direction)
    if wanted.state is not None:
        query = query.where(Message.state == wanted.state)
    if wanted.since is not None:
        query = query.where(Message.created_at >= wanted.since)
    return session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(wanted.limit)).all()


def has_text(session: Session, direction: Direction, text: str, *, since: datetime, line: str) -> bool:
    """Whether a message of this line since then says this, to the letter."""
    query = select(Message.id).where(
        Message.created_at >= since, Message.direction == direction, Message.modem == line, Message.text == text
    )
    return session.scalars(query.limit(1)).first() is not None


def locked_message(session: Session, message_id: int, state: MessageState) -> Message:
    """The message with this id in this state, held until the transaction ends; raises `UnknownMessageError`."""
    query = select(Message).where(Message.id == message_id, Message.state == state).with_for_update()
    message = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if message is None:
        raise UnknownMessageError(f"there is no {state} message {message_id}")
    return message
