"""What an operator writes to a citizen: on whose ticket, and by which line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siaga112 import phone
from siaga112.settings import Settings
from sms_gateway.errors import NoWayOutError
from sms_gateway.lines import sms_lines
from tickets.messages.conversations import Way, say, way_to_reporter
from tickets.messages.outbox import OutgoingMessage
from tickets.messages.reporter import newest_ticket
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.ticketing import find
from tickets.vocabulary import Channel

ORDINARY = 2
"""The priority of a message that is about no ticket."""


@dataclass(frozen=True, slots=True)
class OperatorMessages:
    """Queues an operator's messages for the lines of one city."""

    settings: Settings

    def to_number(self, session: Session, number: str, text: str, *, at: datetime, modem: str | None = None) -> Message:
        """Write to a number in E.164; if its owner has an open ticket the message belongs to the newest of these.

        Raises `NoWayOutError` when there is no line.
        """
        return self._write(session, number, newest_ticket(session, number, only_open=True), text, at=at, modem=modem)

    def on_ticket(self, session: Session, ticket: str, text: str, *, at: datetime, modem: str | None = None) -> Message:
        """Write to the reporter of a ticket; raises `UnknownTicketError`, and `NoWayOutError` when nobody is there."""
        found = find(session, ticket)
        if found.reporter is None or not phone.is_subscriber(found.reporter, self.settings.site.country):
            raise NoWayOutError(f"ticket {found.number} has no number that can be written to")
        return self._write(session, found.reporter, found, text, at=at, modem=modem)

    def _write(
        self, session: Session, to: str, ticket: Ticket | None, text: str, *, at: datetime, modem: str | None
    ) -> Message:
        way = self._way(session, ticket, modem)
        return say(
            session,
            OutgoingMessage(
                modem=way.modem,
                to=to,
                text=text,
                at=at,
                ticket=ticket,
                priority=ticket.priority if ticket else ORDINARY,
                channel=way.channel,
            ),
        )

    def _way(self, session: Session, ticket: Ticket | None, modem: str | None) -> Way:
        """The line that was asked for, else the one that the reporter wrote to, else the best."""
        names = sms_lines(self.settings)
        if modem is not None:
            return Way(modem, Channel.SMS)
        came_by = way_to_reporter(session, ticket) if ticket else None
        if came_by is not None and (came_by.modem in names or came_by.channel is not Channel.SMS):
            return came_by
        if not names:
            raise NoWayOutError("no [[modems]] and no twilio.sms_from are configured: nothing can send an SMS")
        return Way(names[0], Channel.SMS)
