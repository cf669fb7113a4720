"""All tables at once, for whoever needs the complete schema."""

from tickets.model_base import Base
from tickets.model_call import Call, CallFactRow
from tickets.model_caller import Callback, Diversion
from tickets.model_location import CallerLocation
from tickets.model_message import Message, MessagePart, MessageSubmit
from tickets.model_recording import Recording, SoundEvent
from tickets.model_ticket import Ticket, TicketAgency, TicketCounter, TicketEvent

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
