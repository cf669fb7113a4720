"""Ticket numbers: `BWI-2026-000123`, without gaps, from one counter per site and local year."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from tickets.database.inserting import insert_once
from tickets.model.ticket import TicketCounter
from tickets.site import Site


def next_number(session: Session, site: Site, at: datetime) -> str:
    """The next number of the year that `at` has in the city. A rolled back transaction gives its number back."""
    year = site.local(at).year
    last = _counted(session, site, year)
    if last is None:
        # The first of its year; somebody else may be making it, too.
        first = {"site": site.code, "year": year, "last": 0}
        insert_once(session, TicketCounter, (TicketCounter.site, TicketCounter.year), first)
        last = _counted(session, site, year)
    return f"{site.code}-{year}-{last:06d}"


def _counted(session: Session, site: Site, year: int) -> int | None:
    return session.scalars(
        update(TicketCounter)
        .where(TicketCounter.site == site.code, TicketCounter.year == year)
        .values(last=TicketCounter.last + 1)
        .returning(TicketCounter.last)
        .execution_options(synchronize_session=False)
    ).one_or_none()
