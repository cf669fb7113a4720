"""Numbers whose calls were pranks so often that they pass a spoken challenge first, for a while; never a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets.calls.caller_locations import hold_callers
from tickets.model.call import Call
from tickets.model.caller import Diversion
from tickets.vocabulary import Mark

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PrankPolicy:
    """So many prank marks within a day divert a number for so long; zero: never."""

    calls: int
    divert: timedelta


NO_DIVERSION = PrankPolicy(calls=1, divert=timedelta(0))


def divert_if_due(session: Session, call: Call, policy: PrankPolicy) -> Diversion | None:
    """The diversion that the mark of this call is one too many for, or that goes on because of it.

    Counts marks of the day before this one, none that was given before somebody lifted the number's last diversion.
    """
    if call.mark is not Mark.PRANK or call.marked_at is None or call.caller is None or not policy.divert:
        return None
    last = _last(session, call.caller)
    lifted_at = last.lifted_at if last is not None else None
    since = max(call.marked_at - DAY, lifted_at) if lifted_at else call.marked_at - DAY
    counted = select(func.count()).where(
        Call.caller == call.caller, Call.mark == Mark.PRANK, Call.marked_at > since, Call.marked_at <= call.marked_at
    )
    if session.scalars(counted).one() < policy.calls:
        return None
    until = call.marked_at + policy.divert
    if last is None or lifted_at is not None or last.until < call.marked_at:
        last = Diversion(number=call.caller, since=call.marked_at, until=until)
        session.add(last)
    last.until = max(last.until, until)
    session.flush()
    return last


def diverted_until(session: Session, number: str, now: datetime) -> datetime | None:
    """Until when this number passes the challenge; None when it does not."""
    last = _last(session, number)
    return last.until if last is not None and last.lifted_at is None and last.until > now else None


def lift_diversion(session: Session, number: str, *, actor: str, at: datetime) -> bool:
    """End a number's diversion; what was marked until now counts no more. False when it was not diverted."""
    hold_callers(session, number)
    last = _last(session, number)
    if last is None or last.lifted_at is not None or last.until <= at:
        return False
    last.lifted_at, last.lifted_by = at, actor
    session.flush()
    return True


def diversions(session: Session, number: str) -> Sequence[Diversion]:
    """All that this number had, newest first."""
    query = select(Diversion).where(Diversion.number == number)
    return session.scalars(query.order_by(Diversion.since.desc(), Diversion.id.desc())).all()


def diverted_now(session: Session, now: datetime) -> Mapping[str, datetime]:
    """All numbers that are diverted, with the times until when."""
    query = select(Diversion.number, Diversion.until).where(Diversion.until > now, Diversion.lifted_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query)}


def lifted_early(session: Session, now: datetime) -> frozenset[str]:
    """Numbers whose diversion was lifted before its time, and that have no other now."""
    query = select(Diversion.number).where(Diversion.until > now, Diversion.lifted_at.is_not(None))
    return frozenset(session.scalars(query)) - diverted_now(session, now).keys()


def _last(session: Session, number: str) -> Diversion | None:
    query = select(Diversion).where(Diversion.number == number)
    return session.scalars(query.order_by(Diversion.since.desc(), Diversion.id.desc()).limit(1)).one_or_none()
