"""From a whole message to a ticket: a new one, or the sender's open one about the same thing."""

from datetime import timedelta

from sqlalchemy.orm import Session

from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway.answering import Answering
from sms_gateway.arrival import Arrival
from sms_gateway.classifier import Classifier, Verdict
from tickets.classification import Catalogue
from tickets.inbox import InboundMessage, mark_handled
from tickets.model_message import Message
from tickets.model_ticket import Ticket
from tickets.site import Site
from tickets.ticketing import NewTicket, find_open, locate, open_ticket

ACTOR = "sms"

_log = log.get(__name__)


class Complaints:
    """Makes tickets of the messages that one city's citizens send."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue) -> None:
        self._site = site
        self._catalogue = catalogue
        self._country = settings.site.country
        self._language = settings.site.languages[0].value
        self._own_numbers = {modem.name: modem.number or None for modem in settings.modems}
        self._same_ticket = timedelta(minutes=settings.sms.same_ticket_minutes)
        self._blocked = {phone.normalise(sender, self._country).casefold() for sender in settings.sms.blocked}
        self._classifier = Classifier(settings.categories)
        self._answering = Answering(settings)

    def message_of(self, arrival: Arrival) -> InboundMessage:
        """What the inbox keeps of it."""
        return InboundMessage(
            key=arrival.key,
            channel=arrival.channel,
            modem=arrival.modem,
            sender=arrival.sender.name or None,
            recipient=arrival.recipient or self._own_numbers.get(arrival.modem),
            text=arrival.account,
            at=arrival.at,
            sent_at=arrival.sent_at,
            pdu=arrival.pdu,
        )

    def take(self, session: Session, arrival: Arrival, stored: Message) -> None:
        """Give a message that was just kept its ticket, and its sender a reply."""
        stored.error = arrival.shortfall
        if arrival.sender.name.casefold() in self._blocked:
            mark_handled(stored, None, actor=ACTOR, at=arrival.at)
            return
        verdict = self._classifier.classify(arrival.text)
        ticket = self._open_ticket_of(session, arrival, verdict)
        if ticket is not None:
            mark_handled(stored, ticket, actor=ACTOR, at=arrival.at)
            locate(ticket, arrival.location, arrival.place)
            self._answering.joined(session, arrival, stored, ticket)
            _log.info("sms_joined", ticket=ticket.number, sender=arrival.sender.name)
            return
        ticket = self._open(session, arrival, verdict)
        mark_handled(stored, ticket, actor=ACTOR, at=arrival.at)
        self._answering.received(session, arrival, stored, ticket)
        _log.info("sms_ticket", ticket=ticket.number, category=ticket.category, sender=arrival.sender.name)

    def _open_ticket_of(self, session: Session, arrival: Arrival, verdict: Verdict) -> Ticket | None:
        """The sender's open ticket, unless the message is about something else: that must not be buried in it."""
        if not self._same_ticket or not arrival.sender.is_subscriber:
            return None
        ticket = find_open(session, arrival.sender.name, arrival.channel, arrival.at - self._same_ticket)
        says_nothing_new = verdict.confidence == 0
        return ticket if ticket and (says_nothing_new or ticket.category == verdict.category) else None

    def _open(self, session: Session, arrival: Arrival, verdict: Verdict) -> Ticket:
        category = self._catalogue.find(verdict.category) or self._catalogue.unclassified()
        return open_ticket(
            session,
            self._site,
            NewTicket(
                channel=arrival.channel,
                category=category.category,
                priority=category.priority,
                agencies=category.agencies,
                text=arrival.account,
                at=arrival.at,
                actor=ACTOR,
                reporter=arrival.sender.name or None,
                place=arrival.place,
                location=arrival.location,
                language=self._language,
            ),
        )
