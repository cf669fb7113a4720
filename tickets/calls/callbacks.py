"""The call-back list: numbers that called in vain, one entry each, until somebody spoke with them.

What is on it follows from the calls alone, whatever the order in which their facts come. In vain is a call that nobody
answered, and one that was cut because Asterisk or its machine died, which goes to the front. Who got through later, was
called back, or was cleared by a person, is off. A number that does not tell one caller cannot be called back: such
calls are in `calls list` only.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import Session, selectinload

from siaga112 import phone
from tickets.calls.caller_locations import hold_callers
from tickets.database.columns import name_kept
from tickets.errors import UnknownCallbackError
from tickets.model.call import Call
from tickets.model.caller import Callback
from tickets.ticketing import record_event
from tickets.vocabulary import CallbackState, Direction, Outcome, TicketAction

IN_VAIN = frozenset({Outcome.ABANDONED, Outcome.UNANSWERED, Outcome.SILENT})

COUNTED = timedelta(days=1)
"""Calls that are older than the newest by more are not counted, unless the entry was there already."""

APART = timedelta(seconds=5)
"""What the switchboard and Asterisk's own record say of the end of one attempt differs by less."""

FRONT = timedelta(days=3650)
"""So much earlier counts who was cut off: before all who were not, and among themselves in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFilter:
    """What a listing shows; `state` None means all."""

    state: CallbackState | None = CallbackState.WAITING
    limit: int = 100


def settle_callbacks(session: Session, calls: Sequence[Call], country: str) -> frozenset[str]:
    """Bring the entries of these calls' numbers in step with their calls; the numbers that it was about.

    The numbers must be held (`hold_callers`), as `record_facts` does.
    """
    over = [call for call in calls if call.ended_at is not None or call.answered_at is not None]
    concerned = _concerned(session, {number for call in over if (number := _citizen(call, country))})
    for call in over:
        if (number := _citizen(call, country)) in concerned:
            _settle(session, call, number)
    return concerned


def _citizen(call: Call, country: str) -> str:
    """The number that called, or that an operator called, if it tells one caller; else ""."""
    number = call.caller or call.called
    return name_kept(number) if number and phone.tells_caller(number, country) else ""


def _concerned(session: Session, numbers: Set[str]) -> frozenset[str]:
    """Those of the numbers that have an entry or may get one: nearly nobody, so that the others cost no more."""
    if not numbers:
        return frozenset()
    waiting = select(Callback.number).where(Callback.number.in_(numbers), Callback.state == CallbackState.WAITING)
    in_vain = select(Call.caller).where(Call.caller.in_(numbers), *_was_in_vain())
    return frozenset(session.scalars(union(waiting, in_vain)))


def _settle(session: Session, call: Call, number: str) -> None:
    entry = waiting_callback(session, number)
    by_us = call.direction is Direction.OUT
    if by_us and entry is not None:
        _count_attempt(entry, call)
    reached = _reached_at(session, number)
    since = min(call.started_at - COUNTED, entry.first_at if entry else call.started_at)
    outstanding = _in_vain(session, number, since, reached)
    if outstanding:
        _write(session, entry, number, outstanding)
    elif entry is not None:
        actor = _operator(call) if by_us else "call"
        _clear(entry, at=max(reached or call.started_at, entry.last_at), actor=actor)
        session.flush()


def _count_attempt(entry: Callback, call: Call) -> None:
    """An operator's call to this number, by its record: mostly the switchboard has told of it already."""
    at = call.answered_at or call.ended_at
    if at is None or at < entry.first_at or (entry.tried_at is not None and entry.tried_at >= call.started_at):
        return
    entry.attempts += 1
    entry.tried_at = at
    _tell_ticket(entry, _operator(call), at, "no answer" if call.answered_at is None else "answered")


def _operator(call: Call) -> str:
    return f"operator:{call.operator}" if call.operator else "call"


def waiting_callback(session: Session, number: str) -> Callback | None:
    """The entry of a number that waits."""
    query = select(Callback).where(Callback.number == number, Callback.state == CallbackState.WAITING)
    return session.scalars(query.order_by(Callback.id).limit(1)).one_or_none()


def returned_call(session: Session, call: Call) -> str | None:
    """The id of the call in vain that an operator's call answers; None when that number waited for none."""
    query = select(Callback.call_id).where(
        Callback.number == call.called,
        or_(Callback.cleared_at.is_(None), Callback.cleared_at >= call.started_at),
    )
    return session.scalars(query.order_by(Callback.id.desc()).limit(1)).one_or_none()


def record_attempt(session: Session, number: str, *, answered: bool, actor: str, at: datetime) -> Callback | None:
    """An operator called this number back: answered it is done with, else it goes behind the others.

    Returns:
        the entry; None when none waits, because somebody was faster.
    """
    hold_callers(session, number)
    entry = waiting_callback(session, number)
    # The record of one that nobody answered may have been read first.
    known = at if answered else at - APART
    if entry is None or (entry.tried_at is not None and entry.tried_at >= known):
        return entry
    entry.attempts += 1
    entry.tried_at = at
    if answered:
        _clear(entry, at=at, actor=actor)
    else:
        entry.place = at
    _tell_ticket(entry, actor, at, "answered" if answered else "no answer")
    session.flush()
    return entry


def clear_callback(session: Session, callback_id: int, *, actor: str, at: datetime) -> Callback:
    """A person takes an entry off; raises `UnknownCallbackError` when none with this id waits."""
    number = session.scalars(select(Callback.number).where(Callback.id == callback_id)).one_or_none()
    hold_callers(session, number)
    entry = session.get(Callback, callback_id, populate_existing=True)
    if entry is None or entry.state is not CallbackState.WAITING:
        raise UnknownCallbackError(f"no call-back with the id {callback_id} waits")
    _clear(entry, at=at, actor=actor)
    _tell_ticket(entry, actor, at, "cleared")
    session.flush()
    return entry


def list_callbacks(session: Session, wanted: CallbackFilter) -> Sequence[Callback]:
    """Entries with what their views need: first to call first; those that are done with, newest first, come after."""
    query = select(Callback).options(selectinload(Callback.call).selectinload(Call.ticket))
    if wanted.state is not None:
        query = query.where(Callback.state == wanted.state)
    done = Callback.cleared_at
    order = (done.is_not(None), done.desc(), Callback.place, Callback.id)
    return session.scalars(query.order_by(*order).limit(wanted.limit)).all()


def places_in_line(session: Session) -> Mapping[str, datetime]:
    """All numbers that wait, with the places that order them."""
    query = select(Callback.number, Callback.place).where(Callback.state == CallbackState.WAITING)
    return {row[0]: row[1] for row in session.execute(query)}


def _reached_at(session: Session, number: str) -> datetime | None:
    """When somebody last spoke with this number, or took it off the list."""
    either_way = or_(Call.caller == number, Call.called == number)
    through = select(func.max(Call.answered_at)).where(either_way, Call.cut_at.is_(None))
    cleared = select(func.max(Callback.cleared_at)).where(Callback.number == number)
    times = [session.scalars(query).one() for query in (through, cleared)]
    return max((time for time in times if time is not None), default=None)


def _in_vain(session: Session, number: str, since: datetime, reached: datetime | None) -> Sequence[Call]:
    query = select(Call).where(Call.caller == number, Call.started_at >= since, *_was_in_vain())
    if reached is not None:
        query = query.where(Call.ended_at > reached)
    return session.scalars(query.order_by(Call.started_at, Call.id)).all()


def _was_in_vain() -> tuple[ColumnElement[bool], ...]:
    nobody = and_(Call.answered_at.is_(None), Call.outcome.in_(IN_VAIN))
    return Call.ended_at.is_not(None), Call.mark.is_(None), or_(nobody, Call.cut_at.is_not(None))


def _write(session: Session, entry: Callback | None, number: str, calls: Sequence[Call]) -> Callback:
    first, last = calls[0], calls[-1]
    if entry is None:
        entry = Callback(number=number, state=CallbackState.WAITING, attempts=0)
        session.add(entry)
    entry.calls = len(calls)
    entry.first_at, entry.last_at = first.started_at, last.started_at
    entry.call_id = last.id
    cut = [call.cut_at for call in calls if call.cut_at is not None]
    entry.cut = bool(cut)
    # Whoever was tried in vain stands behind, until cut off again after that.
    if cut and (entry.tried_at is None or max(cut) > entry.tried_at):
        entry.place = min(cut) - FRONT
    else:
        entry.place = entry.tried_at or entry.first_at
    session.flush()
    return entry


def _clear(entry: Callback, *, at: datetime, actor: str) -> None:
    entry.state = CallbackState.CLEARED
    entry.cleared_at, entry.cleared_by = at, actor


def _tell_ticket(entry: Callback, actor: str, at: datetime, what: str) -> None:
    if entry.call.ticket is not None:
        record_event(entry.call.ticket, TicketAction.CALLED_BACK, actor=actor, at=at, detail=what)
