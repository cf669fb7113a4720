"""What came from a modem, read: a whole message, a part that others are still missing from, or nothing readable."""

from sqlalchemy.orm import Session

from hardware.modem.pdu import Fault, Message, MessageType
from sms_gateway import long_messages
from sms_gateway.aml import text_in_data
from sms_gateway.arrival import Arrival, Sender
from sms_gateway.identity import key_of
from sms_gateway.record import SmsRecord

# Octets are missing, or none could be told from the others. With any other fault the text is there.
_DAMAGE = (Fault.EMPTY, Fault.NOT_HEX, Fault.ODD_HEX, Fault.TRUNCATED)


def is_damaged(message: Message) -> bool:
    """Whether part of it was lost, in the modem or on the line from it."""
    return any(error.startswith(f"{fault}:") for error in message.errors for fault in _DAMAGE)


def unreadable(message: Message) -> str:
    """Why there is no text to take from it; "" when there is one."""
    if any(error.startswith(f"{Fault.RESERVED_TYPE}:") for error in message.errors):
        # What it may say is no citizen's text for sure: a person reads it, and decides.
        return "; ".join(message.errors)
    text = _text(message)
    if message.type is MessageType.DELIVER and text is None:
        return "data, no text: nothing here reads it"
    if message.type is MessageType.DELIVER and not is_damaged(message) and (text or not message.errors):
        return ""
    return "; ".join(message.errors) or f"{message.type}: no message from a citizen"


def whole_message(session: Session, record: SmsRecord, message: Message, sender: Sender) -> Arrival | None:
    """The message if it is whole, or becomes so by this part; None while parts are missing."""
    if message.concat is not None:
        return long_messages.add(session, record, message, message.concat, sender)
    return Arrival(
        key=key_of(session, record, message),
        modem=record.modem,
        sender=sender,
        text=_text(message) or "",
        pdu=record.pdu,
        at=record.at,
        sent_at=message.time,
    )


def _text(message: Message) -> str | None:
    return text_in_data(message) if message.text is None else message.text
