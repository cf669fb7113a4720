"""A modem writes to itself: proof that its line carries messages both ways, and no complaint."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from siaga112.settings import Modem
from sms_gateway.arrival import Arrival
from sms_gateway.errors import NoWayOutError
from tickets.messages.lookup import MessageFilter, find_message, list_messages
from tickets.messages.outbox import OutgoingMessage, queue_outgoing
from tickets.model.message import Message
from tickets.vocabulary import Direction, MessageState

WORDS = "SIAGA112 UJI"
"""What such a message begins with; a code that no other has follows."""

LAST = 3
"""The priority: after every citizen's reply."""


def queue_line_test(session: Session, modem: Modem, at: datetime) -> Message:
    """Write to the modem's own number; raises `NoWayOutError` when that is not configured."""
    if not modem.number:
        raise NoWayOutError(f"modems[{modem.name}].number is empty: write the SIM's own number")
    text = f"{WORDS} {secrets.token_hex(4)}"
    return queue_outgoing(session, OutgoingMessage(modem=modem.name, to=modem.number, text=text, at=at, priority=LAST))


def is_line_test(arrival: Arrival, own_numbers: Collection[str | None]) -> bool:
    """Whether one of our modems sent it to see whether it comes."""
    return arrival.text.startswith(f"{WORDS} ") and arrival.sender.name in own_numbers


def line_test_state(session: Session, message_id: int) -> tuple[MessageState, str | None, bool]:
    """How the sending stands, what went wrong with it, and whether it has come back."""
    sent = find_message(session, message_id)
    came = list_messages(session, MessageFilter(direction=Direction.IN, since=sent.created_at, limit=1000))
    return sent.state, sent.error, any(message.text == sent.text for message in came)
