"""Messages that leave by another line than the one they were written for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tickets.messages.lookup import locked_message
from tickets.model.message import Message
from tickets.vocabulary import Channel, Direction, MessageState

_QUEUED = (Message.direction == Direction.OUT, Message.state == MessageState.QUEUED)


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that waits: `line` is the one it waits for, `attempts` how often that has failed."""

    id: int
    line: str
    channel: Channel
    attempts: int


def waited_for(session: Session) -> frozenset[str]:
    """The lines that messages wait for."""
    return frozenset(line for line in session.scalars(select(Message.modem).where(*_QUEUED).distinct()) if line)


def stranded(session: Session, lines: Iterable[str], *, attempts: int, limit: int) -> Sequence[Queued]:
    """Messages that wait for one of these lines, or failed so often on theirs: by priority, then the oldest."""
    query = (
        select(Message)
        .where(*_QUEUED, or_(Message.modem.in_(list(lines)), Message.attempts == attempts))
        .order_by(Message.priority, Message.created_at, Message.id)
        .limit(limit)
    )
    return [Queued(row.id, row.modem or "", row.channel, row.attempts) for row in session.scalars(query)]


def hold_queued(session: Session, message: Queued) -> Message | None:
    """The row of a message that still waits for the same line, held until the transaction ends; else None."""
    query = (
        select(Message)
        .where(Message.id == message.id, Message.state == MessageState.QUEUED, Message.modem == message.line)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one_or_none()


def move_outgoing(session: Session, message: Message, *, line: str, channel: Channel, attempts: int, why: str) -> None:
    """Queue a message, at once, for another line or channel; `attempts` is what counts against it from now on.

    The caller holds the row.
    """
    message.modem = line
    message.channel = channel
    message.state = MessageState.QUEUED
    message.attempts = attempts
    message.not_before = None
    message.error = why
    # What the former line reports of it has no meaning any more.
    message.key = None
    message.sent_at = None
    message.submits = []
    session.flush()


def put_back(session: Session, message_id: int, why: str) -> Message:
    """Queue a message again whose attempt counts for nothing, since its line was at fault.

    Raises `UnknownMessageError` unless the message is being sent.
    """
    message = locked_message(session, message_id, MessageState.SENDING)
    message.state = MessageState.QUEUED
    message.attempts -= 1
    message.error = why
    session.flush()
    return message
