"""Messages that came: kept once, attached to their ticket, or set aside as dead."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.database.inserting import insert_once
from tickets.messages.lookup import locked_message
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.ticketing import record_event
from tickets.vocabulary import Channel, Direction, MessageState, TicketAction

INBOUND_PRIORITY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """A message as it was read. `key` is what makes it the same message when it comes again.

    `at` is when it reached this centre, `sent_at` when the network says that it was sent; `modem` is the line it came
    by, None for channels without one. `text` is None for data. `pdu` is the raw message, a PDU a line if it had parts.
    """

    key: str
    channel: Channel
    modem: str | None
    sender: str | None
    recipient: str | None
    text: str | None
    at: datetime
    sent_at: datetime | None = None
    pdu: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadMessage:
    """A message that cannot be handled because of what it is, with the reason that a person reads."""

    key: str
    channel: Channel
    modem: str | None
    pdu: str
    reason: str
    at: datetime
    sender: str | None = None
    recipient: str | None = None
    text: str | None = None


def receive(session: Session, message: InboundMessage) -> Message | None:
    """Keep a message; None when one with its key is there already, which is as good as kept."""
    values = _inbound_values(message) | {"state": MessageState.RECEIVED}
    return _insert(session, message.key, values)


def bury(session: Session, message: DeadMessage) -> Message | None:
    """Keep a message that cannot be handled, so that a person sees it; None when its key is there already."""
    return _insert(
        session,
        message.key,
        {
            "channel": message.channel,
            "modem": message.modem,
            "sender": message.sender,
            "recipient": message.recipient,
            "text": message.text,
            "state": MessageState.DEAD,
            "pdu": message.pdu,
            "reason": message.reason,
            "created_at": message.at,
        },
    )


def revive(session: Session, message_id: int, message: InboundMessage) -> Message | None:
    """Put what a retry could read in the place of a dead message.

    None when the same message had arrived by another way meanwhile; the dead one then counts as handled. Raises
    `UnknownMessageError` unless `message_id` is dead.
    """
    dead = locked_message(session, message_id, MessageState.DEAD)
    same = session.scalars(select(Message.id).where(Message.key == message.key, Message.id != message_id)).one_or_none()
    if same is not None:
        settle(session, message_id, f"had arrived as message {same}")
        return None
    for name, value in _inbound_values(message).items():
        setattr(dead, name, value)
    dead.key = message.key
    dead.state = MessageState.RECEIVED
    dead.reason = None
    session.flush()
    return dead


def settle(session: Session, message_id: int, note: str) -> Message:
    """A dead message has gone into something else, which `note` names; raises `UnknownMessageError` unless dead."""
    dead = locked_message(session, message_id, MessageState.DEAD)
    dead.state = MessageState.HANDLED
    dead.error = note
    return dead


def complete(
    session: Session, key: str, message: InboundMessage, *, actor: str, error: str | None = None
) -> Message | None:
    """Put more of a message in the place of what had come of it under `key`; None when that is not there.

    Its ticket gets the text too, unless somebody has written another one since. `error` tells what is missing still.
    """
    stored = session.scalars(select(Message).where(Message.key == key).with_for_update()).one_or_none()
    if stored is None:
        return None
    before = stored.text
    stored.key, stored.text, stored.pdu, stored.error = message.key, message.text, message.pdu, error
    ticket = stored.ticket
    if ticket is not None:
        if ticket.text == before and message.text is not None:
            ticket.text = message.text
        detail = f"message {stored.id} is completed"
        record_event(ticket, TicketAction.MESSAGE_ATTACHED, actor=actor, at=message.at, detail=detail)
    session.flush()
    return stored


def mark_handled(message: Message, ticket: Ticket | None, *, actor: str, at: datetime) -> None:
    """The message has been dealt with; `ticket` is the one that it opened, joined or asked about, if any."""
    message.state = MessageState.HANDLED
    if ticket is not None:
        message.ticket = ticket
        record_event(ticket, TicketAction.MESSAGE_ATTACHED, actor=actor, at=at, detail=f"message {message.id}")


def _inbound_values(message: InboundMessage) -> dict[str, object]:
    return {
        "channel": message.channel,
        "modem": message.modem,
        "sender": message.sender,
        "recipient": message.recipient,
        "text": message.text,
        "pdu": message.pdu,
        "sent_at": message.sent_at,
        "created_at": message.at,
    }


def _insert(session: Session, key: str, values: dict[str, object]) -> Message | None:
    fixed = {"key": key, "direction": Direction.IN, "priority": INBOUND_PRIORITY, "attempts": 0}
    if not insert_once(session, Message, (Message.key,), fixed | values):
        return None
    return session.scalars(select(Message).where(Message.key == key)).one()
