"""Where callers' phones said that they were, brought to the ticket of the call, whichever of both is known first.

Facts of a call and places of its caller are taken in turns: whoever writes either holds the caller's number first, so
that no place is kept as unmatched while its call is being written down by somebody else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from tickets.calls.summary import LONGEST_CALL
from tickets.database.inserting import serialize
from tickets.model.call import Call
from tickets.model.location import CallerLocation
from tickets.model.ticket import Ticket
from tickets.ticketing import Location, record_event
from tickets.vocabulary import TicketAction

ACTOR = "aml"

BEFORE = timedelta(seconds=60)
"""A place may overtake its call by so much."""

AFTER = timedelta(seconds=300)
"""A place may come so long after the end of its call."""

KEPT = timedelta(minutes=30)
"""How long a place is kept for a call that is not known."""

MUCH_WORSE = 10
"""A newer place with a radius so many times larger does not take the place of an older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Positioned:
    """A place as a phone sent it. `number` is in E.164; `confidence`: percent that the phone is within the radius.

    `received_at` is when it reached this centre. A phone whose clock is ahead was there by then at the latest.
    """

    number: str
    location: Location
    positioned_at: datetime
    received_at: datetime
    method: str
    confidence: int | None


def take_location(session: Session, found: Positioned, *, now: datetime) -> tuple[Ticket, ...]:
    """Keep a place; the tickets of the calls that it belongs to, as far as they are there yet."""
    hold_callers(session, found.number)
    session.add(
        CallerLocation(
            number=found.number,
            latitude=found.location.lat,
            longitude=found.location.lon,
            radius=found.location.radius,
            method=found.method,
            confidence=found.confidence,
            positioned_at=min(found.positioned_at, found.received_at),
            received_at=found.received_at,
            kept_at=now,
            matched=False,
        )
    )
    session.flush()
    calls = _calls_of(session, found)
    for call in calls:
        locate_call(session, call)
    session.flush()
    return tuple(call.ticket for call in calls if call.ticket is not None)


def hold_callers(session: Session, *numbers: str | None) -> None:
    """Wait until nobody else writes calls or places of these numbers. To be done before any row is held."""
    for number in sorted({number for number in numbers if number}):
        serialize(session, f"caller {number}")


def numbers_placed(session: Session, numbers: Collection[str | None]) -> frozenset[str]:
    """Which of these numbers, which are held, a phone sent a place of."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return frozenset()
    query = select(CallerLocation.number).where(CallerLocation.number.in_(wanted)).distinct()
    return frozenset(session.scalars(query))


def locate_call(session: Session, call: Call) -> None:
    """Give the ticket of a call that is held the best of the places that its caller's phone sent."""
    ended = call.ended_at or call.started_at + LONGEST_CALL
    query = select(CallerLocation).where(
        CallerLocation.number == call.caller,
        CallerLocation.received_at.between(call.started_at - BEFORE, ended + AFTER),
    )
    rows = session.scalars(query.order_by(CallerLocation.positioned_at, CallerLocation.id)).all()
    for row in rows:
        row.matched = True
    if rows and call.ticket is not None:
        _locate(call.ticket, rows)


def forget_locations(session: Session, *, now: datetime) -> int:
    """Delete the places that no call came for in time, and those whose call is over; how many there were."""
    lost = and_(CallerLocation.matched.is_(False), CallerLocation.kept_at < now - KEPT)
    over = CallerLocation.kept_at < now - LONGEST_CALL
    return len(session.scalars(delete(CallerLocation).where(or_(lost, over)).returning(CallerLocation.id)).all())


def best(rows: Sequence[CallerLocation]) -> CallerLocation:
    """The newest of `rows`, which are in the order of their times, but none that is much worse than one before it."""
    chosen = rows[0]
    for row in rows[1:]:
        if not _much_worse(row.radius, chosen.radius):
            chosen = row
    return chosen


def _much_worse(radius: float | None, before: float | None) -> bool:
    if before is None:
        return False
    return radius is None or radius >= MUCH_WORSE * before


def _calls_of(session: Session, found: Positioned) -> Sequence[Call]:
    query = (
        select(Call)
        .where(
            Call.caller == found.number,
            Call.started_at.between(found.received_at - LONGEST_CALL - AFTER, found.received_at + BEFORE),
            or_(Call.ended_at.is_(None), Call.ended_at >= found.received_at - AFTER),
        )
        .order_by(Call.id)
        .with_for_update()
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _locate(ticket: Ticket, rows: Sequence[CallerLocation]) -> None:
    here = (ticket.latitude, ticket.longitude, ticket.radius)
    # Whatever else said where it is, a person most likely, knows better than the phone.
    if ticket.latitude is not None and here not in {_place(row) for row in rows}:
        return
    chosen = best(rows)
    if here == _place(chosen):
        return
    ticket.latitude, ticket.longitude, ticket.radius = _place(chosen)
    record_event(ticket, TicketAction.LOCATED, actor=ACTOR, at=chosen.received_at, detail=_detail(chosen))


def _place(row: CallerLocation) -> tuple[float, float, float | None]:
    return row.latitude, row.longitude, row.radius


def _detail(row: CallerLocation) -> str:
    radius = "radius not known" if row.radius is None else f"within {row.radius:g} m"
    likely = "" if row.confidence is None else f" ({row.confidence} %)"
    at = row.positioned_at.isoformat(timespec="seconds")
    return f"{row.latitude},{row.longitude} {radius}{likely}, {row.method}, at {at}"
