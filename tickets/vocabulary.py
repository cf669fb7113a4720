"""The closed sets of the domain. The values are what JSON, the command line and the database show."""

from enum import StrEnum


class Channel(StrEnum):
    """How a report reached the centre."""

    CALL = "call"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    WEB = "web"
    API = "api"


class Kind(StrEnum):
    """Emergency (darurat), complaint (aduan) or a question (permintaan informasi)."""

    EMERGENCY = "emergency"
    COMPLAINT = "complaint"
    INFORMATION = "information"


class Status(StrEnum):
    """Where a ticket stands; `tickets.status` has the table of allowed changes."""

    NEW = "new"
    VERIFIED = "verified"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


class TicketAction(StrEnum):
    """What was done to a ticket, in its history."""

    OPENED = "opened"
    STATUS_CHANGED = "status_changed"
    CLASSIFIED = "classified"
    MESSAGE_ATTACHED = "message_attached"
    LOCATED = "located"
    MARKED = "marked"
    CALLED_BACK = "called_back"
    TRANSFERRED = "transferred"


class Outcome(StrEnum):
    """How a call ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SILENT = "silent"
    PRANK = "prank"
    GHOST = "ghost"
    TRANSFERRED = "transferred"
    FAIL_OPEN = "fail_open"
    UNANSWERED = "unanswered"


class CallFactKind(StrEnum):
    """What somebody saw of a call, in the order in which a call goes.

    LOST: it was there once, is not any more, and nobody saw its end. Asterisk died, or the machine.
    TRANSFERRED: led on to somebody else (`actor` did it; with the outcome `transferred` where it left the centre).
    MARKED: a person's verdict (`mark`, by `actor`). LISTENED: `actor` hears, or speaks into, a call that is up.
    """

    ARRIVED = "arrived"
    CHOSEN = "chosen"
    ROUTED = "routed"
    ANSWERED = "answered"
    ENDED = "ended"
    RECORDED = "recorded"
    LOST = "lost"
    TRANSFERRED = "transferred"
    MARKED = "marked"
    LISTENED = "listened"


class Mark(StrEnum):
    """What a person found a report to be; `tickets.calls.marks` says what follows from each."""

    PRANK = "prank"
    GHOST = "ghost"
    WRONG_REGION = "wrong-region"
    DUPLICATE = "duplicate"


class CallbackState(StrEnum):
    """Whether somebody still has to be called back."""

    WAITING = "waiting"
    CLEARED = "cleared"


class SoundAction(StrEnum):
    """What was done with the sound of a call: heard or spoken into while it was up; played, held, deleted later."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    PLAY = "play"
    HOLD = "hold"
    RELEASE = "release"
    DELETE = "delete"


class Direction(StrEnum):
    """Seen from the centre."""

    IN = "in"
    OUT = "out"


class MessageState(StrEnum):
    """Incoming: received, handled, dead. Outgoing: queued, sending, sent, delivered, failed."""

    RECEIVED = "received"
    HANDLED = "handled"
    DEAD = "dead"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
