"""What the outside sees of the call-back list."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickets.model.caller import Callback
from tickets.ticketing import Location
from tickets.views import Json, rfc3339, view_ticket
from tickets.vocabulary import CallbackState


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """An entry as the outside sees it; place, location and ticket are those of the last call.

    `cut`: a call of theirs was cut off. `attempts`: how often an operator called back and nobody answered.
    """

    id: int
    number: str
    calls: int
    first_at: datetime
    last_at: datetime
    place: str | None
    location: Location | None
    ticket: str | None
    state: CallbackState
    cut: bool
    attempts: int
    tried_at: datetime | None
    cleared_at: datetime | None
    cleared_by: str | None

    def to_json(self) -> Json:
        """The fields of an entry in every listing."""
        where = self.location
        return {
            "id": self.id,
            "number": self.number,
            "calls": self.calls,
            "first_at": rfc3339(self.first_at),
            "last_at": rfc3339(self.last_at),
            "place": self.place,
            "location": {"lat": where.lat, "lon": where.lon, "radius": where.radius} if where else None,
            "ticket": self.ticket,
            "state": self.state.value,
            "cut": self.cut,
            "attempts": self.attempts,
            "tried_at": self.tried_at and rfc3339(self.tried_at),
            "cleared_at": self.cleared_at and rfc3339(self.cleared_at),
            "cleared_by": self.cleared_by,
        }


def view_callback(entry: Callback, timezone: ZoneInfo) -> CallbackView:
    """An entry as seen from the city; within the session that loaded it."""
    ticket = view_ticket(entry.call.ticket, timezone) if entry.call.ticket else None
    return CallbackView(
        id=entry.id,
        number=entry.number,
        calls=entry.calls,
        first_at=entry.first_at.astimezone(timezone),
        last_at=entry.last_at.astimezone(timezone),
        place=ticket.place if ticket else None,
        location=ticket.location if ticket else None,
        ticket=ticket.number if ticket else None,
        state=entry.state,
        cut=entry.cut,
        attempts=entry.attempts,
        tried_at=entry.tried_at and entry.tried_at.astimezone(timezone),
        cleared_at=entry.cleared_at and entry.cleared_at.astimezone(timezone),
        cleared_by=entry.cleared_by,
    )
