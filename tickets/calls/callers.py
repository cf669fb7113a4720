"""What is known of one caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from tickets.calls.callback_views import CallbackView, view_callback
from tickets.calls.callbacks import waiting_callback
from tickets.calls.diversions import diversions, diverted_until
from tickets.model.call import Call
from tickets.model.caller import Diversion
from tickets.model.ticket import Ticket
from tickets.views import CallView, Json, TicketView, rfc3339, view_call, view_ticket
from tickets.vocabulary import Mark


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark that a person gave to a call."""

    call_id: str
    mark: Mark
    at: datetime

    def to_json(self) -> Json:
        """The fields of a mark."""
        return {"call_id": self.call_id, "mark": self.mark.value, "at": rfc3339(self.at)}


@dataclass(frozen=True, slots=True)
class DiversionView:
    """A time in which a number's calls passed a challenge first."""

    since: datetime
    until: datetime
    lifted_at: datetime | None
    lifted_by: str | None

    def to_json(self) -> Json:
        """The fields of a diversion."""
        return {
            "since": rfc3339(self.since),
            "until": rfc3339(self.until),
            "lifted_at": self.lifted_at and rfc3339(self.lifted_at),
            "lifted_by": self.lifted_by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """A caller as the outside sees them; everything newest first."""

    number: str
    diverted_until: datetime | None
    callback: CallbackView | None
    calls: Sequence[CallView]
    marks: Sequence[MarkView]
    tickets: Sequence[TicketView]
    diversions: Sequence[DiversionView]

    def to_json(self) -> Json:
        """All of it."""
        return {
            "number": self.number,
            "diverted_until": self.diverted_until and rfc3339(self.diverted_until),
            "callback": self.callback and self.callback.to_json(),
            "calls": [call.to_json() for call in self.calls],
            "marks": [mark.to_json() for mark in self.marks],
            "tickets": [ticket.to_json() for ticket in self.tickets],
            "diversions": [diversion.to_json() for diversion in self.diversions],
        }


def caller_history(session: Session, number: str, *, now: datetime, timezone: ZoneInfo, limit: int) -> CallerView:
    """A number's calls, tickets and diversions, so many of each at most; its marks are those of these calls."""
    calls = session.scalars(
        select(Call)
        .options(selectinload(Call.ticket))
        .where(or_(Call.caller == number, Call.called == number))
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    ).all()
    tickets = session.scalars(
        select(Ticket)
        .options(selectinload(Ticket.messages))
        .where(Ticket.reporter == number)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    until = diverted_until(session, number, now)
    entry = waiting_callback(session, number)
    marks = [
        MarkView(call.id, call.mark, call.marked_at.astimezone(timezone))
        for call in calls
        if call.mark is not None and call.marked_at is not None
    ]
    return CallerView(
        number=number,
        diverted_until=until and until.astimezone(timezone),
        callback=view_callback(entry, timezone) if entry else None,
        calls=[view_call(call, timezone) for call in calls],
        marks=marks,
        tickets=[view_ticket(ticket, timezone) for ticket in tickets],
        diversions=[_view_diversion(row, timezone) for row in diversions(session, number)[:limit]],
    )


def _view_diversion(row: Diversion, timezone: ZoneInfo) -> DiversionView:
    return DiversionView(
        row.since.astimezone(timezone),
        row.until.astimezone(timezone),
        row.lifted_at and row.lifted_at.astimezone(timezone),
        row.lifted_by,
    )
