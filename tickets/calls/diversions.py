"""Numbers whose calls were pranks or ghosts so often that they pass a challenge first, for a while; never a refusal."""

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

COUNTED = frozenset({Mark.PRANK, Mark.GHOST})
"""Marks that divert a number: a phone that dials by itself keeps a line from others as a joke does."""

CORRECTION = "correction"
"""Lifted a diversion: calls that it was for got another mark. The marks that are left go on counting."""


@dataclass(frozen=True, slots=True)
class PrankPolicy:
    """So many marks as prank or ghost within a day divert a number for so long; zero: never."""

    calls: int
    divert: timedelta


NO_DIVERSION = PrankPolicy(calls=1, divert=timedelta(0))


def settle_diversion(session: Session, call: Call, policy: PrankPolicy) -> None:
    """Bring the diversion of this call's number, which is held, in step with the marks of its calls.

    A mark that replaces one that counted may end it. None counts that was given before a person lifted the last one.
    """
    if call.marked_at is None or call.caller is None or not policy.divert:
        return
    last = _last(session, call.caller)
    standing = last if last is not None and last.lifted_at is None and last.until >= call.marked_at else None
    due = _due(session, call.caller, call.marked_at - policy.divert, policy)
    if due and standing is not None:
        standing.until = due[-1] + policy.divert
    elif due:
        session.add(Diversion(number=call.caller, since=due[0], until=due[-1] + policy.divert))
    elif standing is not None:
        standing.lifted_at, standing.lifted_by = call.marked_at, CORRECTION
    session.flush()


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


def _due(session: Session, number: str, since: datetime, policy: PrankPolicy) -> Sequence[datetime]:
    """When marks after `since` were one too many, in order."""
    by_person = select(func.max(Diversion.lifted_at)).where(
        Diversion.number == number, Diversion.lifted_by != CORRECTION
    )
    lifted_at = session.scalars(by_person).one()
    first = max(since - DAY, lifted_at) if lifted_at else since - DAY
    query = select(Call.marked_at).where(Call.caller == number, Call.mark.in_(COUNTED), Call.marked_at > first)
    times = [at for at in session.scalars(query.order_by(Call.marked_at)) if at is not None]
    ends = zip(times, times[policy.calls - 1 :], strict=False)
    return [end for begin, end in ends if end - begin < DAY and end > since]


def _last(session: Session, number: str) -> Diversion | None:
    query = select(Diversion).where(Diversion.number == number)
    return session.scalars(query.order_by(Diversion.since.desc(), Diversion.id.desc()).limit(1)).one_or_none()
