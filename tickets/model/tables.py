"""All tables at once, for whoever needs the complete schema."""

from tickets.model.base import Base
from tickets.model.call import Call, CallFactRow
from tickets.model.caller import Callback, Diversion
from tickets.model.location import CallerLocation
from tickets.model.message import Message, MessagePart, MessageSubmit
from tickets.model.recording import Recording, SoundEvent
from tickets.model.ticket import Ticket, TicketAgency, TicketCounter, TicketEvent

__all__ = [
    "Base",
    "Call",
    "CallFactRow",
    "Callback",
    "CallerLocation",
    "Diversion",
    "Message",
    "MessagePart",
    "MessageSubmit",
    "Recording",
    "SoundEvent",
    "Ticket",
    "TicketAgency",
    "TicketCounter",
    "TicketEvent",
]
