"""A post of Twilio's as the message that tickets and replies are made of."""

from datetime import datetime

from siaga112 import phone
from sms_gateway import twilio
from sms_gateway.arrival import Arrival, Sender
from sms_gateway.twilio.form import Form
from sms_gateway.twilio.message import TwilioMessage


def arrival_of(form: Form, at: datetime, country: str) -> Arrival:
    """Read a post that came at ``at``; raises `FaultyRecordError` when it has no MessageSid."""
    message = TwilioMessage.read(form)
    number = message.sender
    return Arrival(
        key=message.key,
        modem=twilio.LINE,
        sender=Sender(phone.normalise(number, country), phone.is_subscriber(number, country)),
        text=message.text,
        pdu=form.encode(),
        at=at,
        sent_at=None,
        channel=message.channel,
        recipient=message.recipient or None,
        notes=message.notes,
        location=message.location,
        place=message.place,
    )
