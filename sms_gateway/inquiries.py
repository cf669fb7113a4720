"""What a sender asks instead of reporting: how a ticket stands, to take it back, what this number is for."""

from sqlalchemy.orm import Session

from siaga112 import log
from siaga112.settings import Settings
from sms_gateway.answering import Answering
from sms_gateway.arrival import Arrival
from sms_gateway.commands import Cancel, Check, Help, Info, Reference, Stop
from sms_gateway.replies import Replies
from tickets.messages.inbox import mark_handled
from tickets.messages.reporter import newest_ticket
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.ticketing import change_status
from tickets.vocabulary import Status

ACTOR = "reporter"

MAY_BE_TAKEN_BACK = frozenset({Status.NEW, Status.VERIFIED})
"""Once somebody is on the way a message does not call them back: it may not be the reporter who holds the phone."""

Inquiry = Check | Cancel | Info | Help | Stop

_log = log.get(__name__)


class Inquiries:
    """Answers what the citizens of one city ask, each only about the sender's own tickets."""

    def __init__(self, settings: Settings, answering: Answering) -> None:
        self._replies = Replies(settings)
        self._answering = answering

    def take(self, session: Session, arrival: Arrival, stored: Message, inquiry: Inquiry, language: str) -> None:
        """Do what is asked for, keep the message as dealt with, and answer."""
        ticket = None
        match inquiry:
            case Check(reference):
                ticket = _asked_about(session, arrival, reference)
                text = self._replies.unknown(language=language) if ticket is None else self._checked(ticket, language)
            case Cancel(reference):
                ticket = _asked_about(session, arrival, reference, only_open=reference is None)
                text = (
                    self._replies.unknown(language=language)
                    if ticket is None
                    else self._taken_back(session, arrival, ticket, language)
                )
            case Info():
                text = self._replies.info(language=language)
            case Help():
                text = self._replies.help(language=language)
            case Stop():
                text = self._replies.stop(language=language)
        mark_handled(stored, ticket, actor=ACTOR, at=arrival.at)
        self._answering.answer(session, arrival, stored, ticket, text)
        _log.info("sms.asked", what=type(inquiry).__name__.lower(), ticket=ticket and ticket.number)

    def _checked(self, ticket: Ticket, language: str) -> str:
        return self._replies.checked(
            ticket=ticket.number, category=ticket.category, status=ticket.status, language=ticket.language or language
        )

    def _taken_back(self, session: Session, arrival: Arrival, ticket: Ticket, language: str) -> str:
        language = ticket.language or language
        session.refresh(ticket, with_for_update={"of": Ticket})
        if ticket.status not in MAY_BE_TAKEN_BACK:
            return self._replies.cancel_refused(ticket=ticket.number, status=ticket.status, language=language)
        change_status(session, ticket, Status.CANCELLED, actor=ACTOR, at=arrival.at, note=arrival.channel)
        return self._replies.cancelled(ticket=ticket.number, language=language)


def _asked_about(
    session: Session, arrival: Arrival, reference: Reference | None, *, only_open: bool = False
) -> Ticket | None:
    if not arrival.sender.is_subscriber:
        return None
    return newest_ticket(
        session,
        arrival.sender.name,
        serial=reference.serial if reference else None,
        year=reference.year if reference else None,
        only_open=only_open,
    )
