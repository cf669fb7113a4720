"""A message that a person wants tried again: a dead one is read once more, one that failed to go out is queued."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from hardware.modem.pdu import decode
from siaga112.settings import Settings
from sms_gateway import twilio
from sms_gateway.arrival import Arrival, read_sender
from sms_gateway.complaints import Complaints
from sms_gateway.errors import NotRetryableError
from sms_gateway.received import unreadable, whole_message
from sms_gateway.record import SmsRecord
from sms_gateway.twilio.arriving import arrival_of
from sms_gateway.twilio.form import Form
from tickets.classification import Catalogue
from tickets.messages.inbox import revive, settle
from tickets.messages.lookup import find_message
from tickets.messages.outbox import requeue_failed
from tickets.model.message import Message
from tickets.site import Site
from tickets.vocabulary import MessageState


class Retry:
    """Tries messages of one city again."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue) -> None:
        self._country = settings.site.country
        self._complaints = Complaints(settings, site, catalogue)

    def again(self, session: Session, message_id: int) -> str:
        """Try it again, and say in a line what that came to.

        Raises `UnknownMessageError`, and `NotRetryableError` when it is in another state or still cannot be read.
        """
        message = find_message(session, message_id)
        match message.state:
            case MessageState.FAILED:
                requeue_failed(session, message_id, at=datetime.now(UTC))
                return f"message {message_id} waits for {message.modem}"
            case MessageState.DEAD:
                return self._read_again(session, message)
        raise NotRetryableError(f"message {message_id} is {message.state}: only a dead or a failed one is tried again")

    def _read_again(self, session: Session, dead: Message) -> str:
        if dead.modem == twilio.LINE:
            post = Form.parse((dead.pdu or "").encode())
            return self._take(session, dead, arrival_of(post, dead.created_at, self._country))
        record = SmsRecord(dead.modem or "", dead.pdu or "", dead.created_at)
        read = decode(record.pdu)
        if reason := unreadable(read):
            raise NotRetryableError(f"message {dead.id} still cannot be read: {reason}")
        arrival = whole_message(session, record, read, read_sender(read.address, self._country))
        if arrival is None:
            settle(session, dead.id, "a part of a long message, which waits for the others")
            return f"message {dead.id} waits for the other parts of it"
        return self._take(session, dead, arrival)

    def _take(self, session: Session, dead: Message, arrival: Arrival) -> str:
        stored = revive(session, dead.id, self._complaints.message_of(arrival))
        if stored is None:
            return f"message {dead.id} had arrived by another way"
        self._complaints.take(session, arrival, stored)
        return f"message {dead.id} is handled, ticket {stored.ticket.number if stored.ticket else 'none'}"
