"""Calls as their facts are written down: held, so that others who hold facts of them take turns, and few statements.

What facts cost is the statements, whatever they hold: those of many calls take as many here as one fact of one call.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tickets.calls.caller_locations import hold_callers
from tickets.calls.facts import CallFact
from tickets.database.columns import name_kept
from tickets.database.inserting import insert_each_once
from tickets.model.call import Call, CallFactRow
from tickets.model.ticket import Ticket


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A call that is this transaction's own until its end, with its ticket; what was known of it, and what is new.

    `repeated`: a fact came that was known already, as after a worker that died before it could say that it was done.
    """

    call: Call
    known: Sequence[CallFact]
    fresh: Sequence[CallFact]
    repeated: bool


def hold_calls(session: Session, facts: Sequence[CallFact]) -> Sequence[HeldCall]:
    """Keep each fact once, and give the calls that they are of, in the order of their first facts."""
    told: dict[str, dict[str, CallFact]] = {}
    for fact in facts:
        told.setdefault(name_kept(fact.call_id), {})[fact.digest()] = fact
    made = _made(session, facts, told)
    # The tickets by a statement of their own: that of the calls saw the database before it waited for their locks.
    query = (
        select(Call)
        .options(selectinload(Call.ticket).lazyload(Ticket.agencies))
        .where(Call.id.in_(told))
        .order_by(Call.id)
        .with_for_update(of=Call)
    )
    calls = {call.id: call for call in session.scalars(query.execution_options(populate_existing=True))}
    fresh = insert_each_once(session, CallFactRow, (CallFactRow.call_id, CallFactRow.digest), _rows(told))
    known = _known(session, [call_id for call_id in told if call_id not in made], fresh)
    return [
        HeldCall(
            calls[call_id],
            known.get(call_id, ()),
            [fact for digest, fact in own.items() if (call_id, digest) in fresh],
            any((call_id, digest) not in fresh for digest in own),
        )
        for call_id, own in told.items()
    ]


def _made(session: Session, facts: Sequence[CallFact], told: Mapping[str, Mapping[str, CallFact]]) -> frozenset[str]:
    """The calls that were not known yet. Rows are made first and locked then, by all in the same order."""
    known = select(Call.id, Call.caller).where(Call.id.in_(told))
    callers = {row[0]: row[1] for row in session.execute(known)}
    hold_callers(session, *callers.values(), *(number for fact in facts for number in (fact.caller, fact.called)))
    rows = [
        {"id": call_id, "started_at": next(iter(told[call_id].values())).at, "fallback": False}
        for call_id in sorted(told.keys() - callers.keys())
    ]
    return frozenset(key[0] for key in insert_each_once(session, Call, (Call.id,), rows))


def _rows(told: Mapping[str, Mapping[str, CallFact]]) -> list[dict[str, object]]:
    return [
        {
            "call_id": call_id,
            "digest": digest,
            "kind": fact.kind,
            "at": fact.at,
            "fields": json.dumps(fact.to_fields()),
        }
        for call_id, own in told.items()
        for digest, fact in own.items()
    ]


def _known(
    session: Session, call_ids: Sequence[str], fresh: frozenset[tuple[str, str]]
) -> Mapping[str, Sequence[CallFact]]:
    if not call_ids:
        return {}
    known: dict[str, list[CallFact]] = {}
    query = select(CallFactRow.call_id, CallFactRow.digest, CallFactRow.fields).where(CallFactRow.call_id.in_(call_ids))
    for call_id, digest, fields in session.execute(query):
        if (call_id, digest) not in fresh:
            known.setdefault(call_id, []).append(CallFact.from_fields(json.loads(fields)))
    return known
