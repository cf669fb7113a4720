"""Who gets a reply, and how many: a reply to a machine would be answered, and so on for ever, at the city's cost."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway.arrival import Arrival
from sms_gateway.loopback import is_test_text
from sms_gateway.replies import Replies
from tickets.messages.outbox import OutgoingMessage, queue_outgoing, queued_since
from tickets.model.message import Message
from tickets.model.ticket import Ticket

ORDINARY = 2
"""The priority of an answer that is about no ticket."""

_log = log.get(__name__)


class Answering:
    """Queues the replies of one city, each for the line that the message came by."""

    def __init__(self, settings: Settings) -> None:
        country = settings.site.country
        self._replies = Replies(settings)
        self._language = settings.site.languages[0].value
        self._per_hour = settings.sms.replies_per_hour
        own = (*(modem.number for modem in settings.modems), settings.twilio.sms_from, settings.twilio.whatsapp_from)
        self._own_numbers = {phone.normalise(number, country) for number in own if number}

    def received(self, session: Session, arrival: Arrival, stored: Message, ticket: Ticket) -> None:
        """Tell the sender the number of the new ticket."""
        language = ticket.language or self._language
        text = self._replies.received(
            ticket=ticket.number, category=ticket.category, priority=ticket.priority, language=language
        )
        self.answer(session, arrival, stored, ticket, text)

    def joined(self, session: Session, arrival: Arrival, stored: Message, ticket: Ticket) -> None:
        """Tell the sender that the message belongs to the ticket now."""
        text = self._replies.joined(ticket=ticket.number, language=ticket.language or self._language)
        self.answer(session, arrival, stored, ticket, text)

    def answer(self, session: Session, arrival: Arrival, stored: Message, ticket: Ticket | None, text: str) -> None:
        """Tell the sender anything else; `ticket` is what it is about, if anything."""
        if not self._may_reply(session, arrival, stored.created_at):
            return
        reply = OutgoingMessage(
            modem=arrival.modem,
            to=arrival.sender.name,
            text=text,
            at=stored.created_at,
            ticket=ticket,
            in_reply_to=stored,
            priority=ticket.priority if ticket else ORDINARY,
            channel=arrival.channel,
        )
        queue_outgoing(session, reply)

    def _may_reply(self, session: Session, arrival: Arrival, at: datetime) -> bool:
        sender = arrival.sender
        # A test message that a network altered is a ticket, and comes from ourselves: only the SIM may know its number.
        if not sender.is_subscriber or sender.name in self._own_numbers or is_test_text(arrival.text):
            return False
        if queued_since(session, sender.name, at - timedelta(hours=1)) < self._per_hour:
            return True
        _log.warning("reply.withheld", sender=sender.name, reason=f"{self._per_hour} replies within an hour")
        return False
