"""Messages that a provider delivers for us: known by the provider's own id, followed by what it reports.

sending → sent → delivered
            └──→ failed → delivered   (reports overtake each other; a delivery is the last word)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.messages.lookup import locked_message
from tickets.model.message import Message
from tickets.vocabulary import Direction, MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a provider reports of the message `key`: `state` is delivered or failed, `error` why it failed."""

    key: str
    state: MessageState
    at: datetime
    error: str | None = None


def mark_handed_over(session: Session, message_id: int, key: str, *, at: datetime) -> Message:
    """The provider took a message and calls it `key`; raises `UnknownMessageError` unless it is being sent."""
    message = locked_message(session, message_id, MessageState.SENDING)
    message.state = MessageState.SENT
    message.key = key
    message.sent_at = at
    message.error = None
    session.flush()
    return message


def record_receipt(session: Session, receipt: Receipt) -> Message | None:
    """Note what became of a message; None when no message of ours has that key (yet).

    Said twice or too late, a report changes nothing.
    """
    query = select(Message).where(Message.key == receipt.key, Message.direction == Direction.OUT).with_for_update()
    message = session.scalars(query).one_or_none()
    if message is None:
        return None
    if receipt.state is MessageState.DELIVERED and message.state in {MessageState.SENT, MessageState.FAILED}:
        message.state = MessageState.DELIVERED
        message.delivered_at = receipt.at
        message.error = None
    elif receipt.state is MessageState.FAILED and message.state is MessageState.SENT:
        message.state = MessageState.FAILED
        message.error = receipt.error
    session.flush()
    return message


def known_keys(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Those of `keys` that are messages already, in or out."""
    return frozenset(key for key in session.scalars(select(Message.key).where(Message.key.in_(list(keys)))) if key)


def in_hand(session: Session, line: str) -> frozenset[int]:
    """The messages that are being sent by this line, or were when the process that did so died."""
    return frozenset(
        session.scalars(select(Message.id).where(Message.modem == line, Message.state == MessageState.SENDING))
    )
