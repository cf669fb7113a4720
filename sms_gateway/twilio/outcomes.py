"""What became of an attempt to send by Twilio, and how that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sms_gateway import twilio
from sms_gateway.failover import send_elsewhere
from sms_gateway.routing import Line
from tickets.messages.handover import mark_handed_over
from tickets.messages.outbox import mark_failed
from tickets.messages.rerouting import put_back


@dataclass(frozen=True, slots=True)
class Taken:
    """Twilio has it, and calls it `key`."""

    message_id: int
    key: str
    at: datetime

    def write(self, session: Session) -> None:
        """Write it down; raises `UnknownMessageError`, as do the others."""
        mark_handed_over(session, self.message_id, self.key, at=self.at)


@dataclass(frozen=True, slots=True)
class Later:
    """It goes out later: from `retry_at` on, or, when the attempt is not to count (None), as soon as the line works."""

    message_id: int
    reason: str
    retry_at: datetime | None

    def write(self, session: Session) -> None:
        """Write it down."""
        if self.retry_at is None:
            put_back(session, self.message_id, self.reason)
        else:
            mark_failed(session, self.message_id, self.reason, retry_at=self.retry_at)


@dataclass(frozen=True, slots=True)
class Refused:
    """It never goes out by Twilio, but by one of `ways` if there is one for it."""

    message_id: int
    reason: str
    ways: Sequence[Line] = ()

    def write(self, session: Session) -> None:
        """Write it down."""
        message = mark_failed(session, self.message_id, self.reason, retry_at=None)
        send_elsewhere(session, message, self.ways, f"{twilio.LINE}: {self.reason}")


Outcome = Taken | Later | Refused
