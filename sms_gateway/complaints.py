"""From a whole message to what it asks for: a new ticket, more of the sender's open one, or an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway.aml import read_aml
from sms_gateway.answering import Answering
from sms_gateway.arrival import Arrival
from sms_gateway.caller_places import take_place, without_place
from sms_gateway.classifier import Classifier, Verdict
from sms_gateway.commands import CommandReader, Help, Info, Stop
from sms_gateway.entries import load_lexicon
from sms_gateway.gazetteer import load_places
from sms_gateway.inquiries import Inquiries
from sms_gateway.language import LanguageGuess
from sms_gateway.loopback import is_line_test
from sms_gateway.place_finder import PlaceFinder
from sms_gateway.reading import Complaint, read_complaint
from sms_gateway.same_ticket import Earlier, ticket_of
from tickets.classification import Catalogue
from tickets.messages.inbox import InboundMessage, mark_handled
from tickets.messages.reporter import OpenTicket, open_tickets, raise_priority
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.site import Site
from tickets.ticketing import NewTicket, locate, open_ticket

ACTOR = "sms"

_log = log.get(__name__)


class Complaints:
    """Makes tickets of the messages that one city's citizens send, and answers what they ask."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue) -> None:
        self._site = site
        self._catalogue = catalogue
        self._country = settings.site.country
        self._own_numbers = {modem.name: modem.number or None for modem in settings.modems}
        self._same_ticket = timedelta(minutes=settings.sms.same_ticket_minutes)
        self._blocked = {phone.normalise(sender, self._country).casefold() for sender in settings.sms.blocked}
        lexicon = load_lexicon()
        self._classifier = Classifier(settings.categories, lexicon)
        places = load_places(settings.site.places) if settings.site.places else ()
        self._places = PlaceFinder(places, lexicon, settings.site.name)
        self._languages = LanguageGuess([language.value for language in settings.site.languages])
        self._commands = CommandReader(settings.site.code)
        self._answering = Answering(settings)
        self._inquiries = Inquiries(settings, self._answering)

    def message_of(self, arrival: Arrival) -> InboundMessage:
        """What the inbox keeps of it."""
        arrival = without_place(arrival)
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
        if fix := read_aml(arrival.text):
            take_place(session, arrival, stored, fix)
            return
        if is_line_test(session, arrival) or arrival.sender.name.casefold() in self._blocked:
            mark_handled(stored, None, actor=ACTOR, at=arrival.at)
            return
        # Who sends a place or a photo reports something, whatever the words beside it.
        has_more = bool(arrival.notes) or arrival.location is not None
        command = read_complaint(arrival.text) if has_more else self._commands.read(arrival.text)
        if isinstance(command, Info | Help | Stop) and self._is_talking(session, arrival):
            # A word to the operator, not to the machine: "bantuan" is a cry for help there.
            command = read_complaint(arrival.text)
        if isinstance(command, Complaint):
            self._report(session, arrival, stored, command)
        else:
            self._inquiries.take(session, arrival, stored, command, self._languages.guess(arrival.text))

    def _report(self, session: Session, arrival: Arrival, stored: Message, complaint: Complaint) -> None:
        verdict = self._classifier.judge(complaint)
        joined = self._open_ticket_of(session, arrival, verdict)
        if joined is not None:
            self._join(arrival, stored, joined.ticket, verdict)
            # Where an operator writes, the operator answers.
            if joined.talked_at is None:
                self._answering.joined(session, arrival, stored, joined.ticket)
            return
        ticket = self._open(session, arrival, verdict)
        mark_handled(stored, ticket, actor=ACTOR, at=arrival.at)
        self._answering.received(session, arrival, stored, ticket)
        _log.info("sms.ticket_opened", ticket=ticket.number, category=ticket.category, sender=arrival.sender.name)

    def _join(self, arrival: Arrival, stored: Message, ticket: Ticket, verdict: Verdict) -> None:
        mark_handled(stored, ticket, actor=ACTOR, at=arrival.at)
        locate(ticket, arrival.location, self._place(arrival))
        if verdict.in_danger:
            raise_priority(ticket, verdict.priority, actor=ACTOR, at=arrival.at)
        _log.info("sms.joined", ticket=ticket.number, sender=arrival.sender.name)

    def _open_ticket_of(self, session: Session, arrival: Arrival, verdict: Verdict) -> OpenTicket | None:
        """The sender's open ticket, unless the message is about something else: that must not be buried in it."""
        found = self._open_tickets(session, arrival)
        earlier = [_earlier(each.ticket, each.talked_at) for each in found]
        joined = ticket_of(verdict, earlier, arrival.at, self._same_ticket)
        return next((each for each in found if joined and each.ticket.number == joined.number), None)

    def _is_talking(self, session: Session, arrival: Arrival) -> bool:
        return any(each.talked_at for each in self._open_tickets(session, arrival))

    def _open_tickets(self, session: Session, arrival: Arrival) -> Sequence[OpenTicket]:
        if not self._same_ticket or not arrival.sender.is_subscriber:
            return ()
        return open_tickets(session, arrival.sender.name, arrival.channel, arrival.at - self._same_ticket)

    def _open(self, session: Session, arrival: Arrival, verdict: Verdict) -> Ticket:
        category = self._catalogue.find(verdict.category) or self._catalogue.unclassified()
        return open_ticket(
            session,
            self._site,
            NewTicket(
                channel=arrival.channel,
                category=category.category,
                priority=min(category.priority, verdict.priority),
                agencies=category.agencies,
                text=arrival.account,
                at=arrival.at,
                actor=ACTOR,
                reporter=arrival.sender.name or None,
                place=self._place(arrival),
                location=arrival.location,
                language=self._languages.guess(arrival.text),
            ),
        )

    def _place(self, arrival: Arrival) -> str | None:
        if arrival.place:
            return arrival.place
        found = self._places.find(arrival.text)
        return found.name if found else None


def _earlier(ticket: Ticket, talked_at: datetime | None) -> Earlier:
    return Earlier(ticket.number, ticket.category, ticket.status, ticket.created_at, talked_at)
