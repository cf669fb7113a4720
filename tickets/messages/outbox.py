"""Messages that go out: queued by whoever answers, claimed by the modem part, followed until the network reports.

    queued → sending → sent → delivered
      ↑         │        └──→ failed        (a status report says so)
      └─────────┴──────────→ failed         (no further attempt, or withdrawn); failed → queued by a person

Sending is at least once: a process that dies between the modem's OK and `mark_sent` leaves `sending`, which is queued
again at the next start, because a reply that comes twice is better than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from tickets.messages.lookup import locked_message
from tickets.model.message import Message, MessageSubmit
from tickets.model.ticket import Ticket
from tickets.vocabulary import Channel, Direction, MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message to send by the line `modem`. `priority` 1 goes first; `at` is now (aware)."""

    modem: str
    to: str
    text: str
    at: datetime
    ticket: Ticket | None = None
    in_reply_to: Message | None = None
    priority: int = 2
    channel: Channel = Channel.SMS


def queue_outgoing(session: Session, message: OutgoingMessage) -> Message:
    """Write a message for the modem part to send."""
    row = Message(
        direction=Direction.OUT,
        channel=message.channel,
        modem=message.modem,
        recipient=message.to,
        text=message.text,
        state=MessageState.QUEUED,
        priority=message.priority,
        attempts=0,
        created_at=message.at,
        ticket=message.ticket,
        in_reply_to_id=message.in_reply_to.id if message.in_reply_to else None,
    )
    session.add(row)
    session.flush()
    return row


def outgoing_due(session: Session, modem: str, now: datetime) -> bool:
    """Whether a claim would find something: to be asked while reading, so that who looks often locks nobody out."""
    return session.scalars(select(Message.id).where(*_due(modem, now)).limit(1)).first() is not None


def claim_outgoing(session: Session, modem: str, now: datetime) -> Message | None:
    """Take the next message for this modem (now `sending`): by priority, then the oldest. None: nothing is due."""
    query = (
        select(Message)
        .where(*_due(modem, now))
        .order_by(Message.priority, Message.created_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message = session.scalars(query).one_or_none()
    if message is not None:
        message.state = MessageState.SENDING
        message.attempts += 1
        session.flush()
    return message


def wanted_since(message: Message) -> datetime:
    """Since when a message that goes out waits: when it was written, last failed, or a person queued it again."""
    return max(message.created_at, message.not_before or message.created_at)


def queued_since(session: Session, to: str, since: datetime) -> int:
    """How many messages were queued for this recipient after that time, whatever became of them."""
    query = select(func.count()).where(
        Message.direction == Direction.OUT, Message.recipient == to, Message.created_at > since
    )
    return session.execute(query).scalar_one()


def mark_sent(session: Session, message_id: int, references: Sequence[int], *, at: datetime) -> Message:
    """The modem took all SMS-SUBMITs of a message; `references` are their TP-MRs, by which reports are matched.

    Raises `UnknownMessageError` unless the message is being sent.
    """
    message = locked_message(session, message_id, MessageState.SENDING)
    message.state = MessageState.SENT
    message.sent_at = at
    message.error = None
    modem = message.modem or ""
    message.submits = [MessageSubmit(modem=modem, reference=reference, sent_at=at) for reference in references]
    session.flush()
    return message


def mark_failed(session: Session, message_id: int, error: str, *, retry_at: datetime | None) -> Message:
    """An attempt failed: try again from `retry_at` on, or never (None).

    Raises `UnknownMessageError` unless the message is being sent.
    """
    message = locked_message(session, message_id, MessageState.SENDING)
    message.error = error
    message.not_before = retry_at
    message.state = MessageState.FAILED if retry_at is None else MessageState.QUEUED
    session.flush()
    return message


def requeue_failed(session: Session, message_id: int, *, at: datetime) -> Message:
    """Queue a failed message once more, at once, as if it were new; raises `UnknownMessageError` unless it has failed.

    A person wants it: what failed before, and how old it is, counts against it no more.
    """
    message = locked_message(session, message_id, MessageState.FAILED)
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.not_before = at
    session.flush()
    return message


def withdraw_queued(session: Session, message_id: int, error: str) -> None:
    """A message that still waits is not sent any more; one that has left its queue stays as it is."""
    statement = (
        update(Message)
        .where(Message.id == message_id, Message.state == MessageState.QUEUED)
        .values(state=MessageState.FAILED, error=error)
    )
    session.execute(statement)


def requeue_stale(session: Session, modem: str) -> int:
    """Queue again what a process that died was sending by this modem; how many there were.

    To be called before the first claim, by the only process that serves the modem.
    """
    statement = (
        update(Message)
        .where(Message.modem == modem, Message.state == MessageState.SENDING)
        .values(state=MessageState.QUEUED)
        .returning(Message.id)
    )
    return len(session.scalars(statement).all())


def _due(modem: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.modem == modem,
        Message.state == MessageState.QUEUED,
        or_(Message.not_before.is_(None), Message.not_before <= now),
    )
