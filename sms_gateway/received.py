"""What came from a modem, read: a whole message, a part that others are still missing from, or nothing readable."""

from sqlalchemy.orm import Session

from hardware.modem.pdu import Message, MessageType, fingerprint
from sms_gateway import long_messages
from sms_gateway.arrival import Arrival, Sender
from sms_gateway.record import SmsRecord


def unreadable(message: Message) -> str:
    """Why there is no text to take from it; "" when there is one."""
    if message.type is MessageType.DELIVER:
        return "" if message.text is not None else "data, no text: nothing here reads it"
    return "; ".join(message.errors) or f"{message.type}: no message from a citizen"


def whole_message(session: Session, record: SmsRecord, message: Message, sender: Sender) -> Arrival | None:
    """The message if it is whole, or becomes so by this part; None while parts are missing."""
    if message.concat is not None:
        return long_messages.add(session, record, message, message.concat, sender)
    return Arrival(
        key=fingerprint(message, record.modem),
        modem=record.modem,
        sender=sender,
        text=message.text or "",
        pdu=record.pdu,
        at=record.at,
        sent_at=message.time,
    )
