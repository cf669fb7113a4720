"""A modem writes to itself: proof that its line carries messages both ways, and no complaint."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from sms_gateway.arrival import Arrival
from tickets.messages.lookup import find_message, has_text
from tickets.messages.outbox import OutgoingMessage, queue_outgoing, withdraw_queued
from tickets.model.message import Message
from tickets.vocabulary import Direction, MessageState

WORDS = "SIAGA112 UJI"
"""What such a message begins with; a code that nobody can guess follows."""

CODE_OCTETS = 8

LAST = 3
"""The priority: after every citizen's reply."""

KNOWN_FOR = timedelta(days=8)
"""A network keeps a message for a week (TS 23.040 9.2.3.12.1 allows more); later it is a message like others."""


@dataclass(frozen=True, slots=True)
class LineTest:
    """How one stands. `came`: it is back; `error`: what went wrong with the sending."""

    state: MessageState
    error: str | None
    came: bool

    @property
    def sent(self) -> bool:
        """Whether the network took it."""
        return self.state in {MessageState.SENT, MessageState.DELIVERED}


def queue_line_test(session: Session, line: str, number: str, at: datetime) -> Message:
    """Write by this line to its own number."""
    text = f"{WORDS} {secrets.token_hex(CODE_OCTETS)}"
    return queue_outgoing(session, OutgoingMessage(modem=line, to=number, text=text, at=at, priority=LAST))


def is_line_test(session: Session, arrival: Arrival) -> bool:
    """Whether it is, to the letter, what this modem was told to write to itself.

    The sender's number proves nothing: it can be forged, and a network may write our own otherwise than we do.
    """
    if not is_test_text(arrival.text):
        return False
    since = arrival.at - KNOWN_FOR
    return has_text(session, Direction.OUT, arrival.text, since=since, line=arrival.modem)


def is_test_text(text: str | None) -> bool:
    """Whether a message of ours is one: it leaves by its own line or not at all."""
    return bool(text) and str(text).startswith(f"{WORDS} ")


def line_test_state(session: Session, message_id: int) -> LineTest:
    """How one stands; raises `UnknownMessageError`."""
    sent = find_message(session, message_id)
    came = has_text(session, Direction.IN, sent.text or "", since=sent.created_at, line=sent.modem or "")
    return LineTest(sent.state, sent.error, came)


def withdraw_line_test(session: Session, message_id: int) -> None:
    """Send one no more that was not sent in time."""
    withdraw_queued(session, message_id, "not sent in time")
