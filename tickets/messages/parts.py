"""Parts of concatenated messages (3GPP TS 23.040 9.2.3.24.1), joined by what survives a restart: the database.

Parts belong together when SIM, originator, reference, its width and the total are the same, and the network took them
within `JOIN_WINDOW`. The window is needed because a reference is 8 bits: it comes again, and a lost part must not be
replaced by one of another message. It is counted in the network's time, so a part that was delivered late still fits.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets.database.inserting import insert_once, serialize
from tickets.model.message import MessagePart

JOIN_WINDOW = timedelta(minutes=10)
"""A phone hands the parts of a message to the network one after the other, however late they are delivered. Two
messages made one would send help to the wrong place; one that is taken for two is still read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part as it came. `key` makes it the same part when it comes again; `reference_bits` is 8 or 16.

    `sent_at` is the service centre's time stamp, or `received_at` where that cannot be read. `seq` counts from 1.
    """

    key: str
    sim: str
    originator: str
    reference: int
    reference_bits: int
    total: int
    seq: int
    pdu: str
    sent_at: datetime
    received_at: datetime

    def group_key(self) -> str:
        """What all parts of one message share."""
        shared = [self.sim, self.originator, self.reference, self.reference_bits, self.total]
        return hashlib.sha256(json.dumps(shared).encode()).hexdigest()


def add_part(session: Session, part: Part) -> tuple[Part, ...] | None:
    """Keep a part; all parts of its message, by `seq`, once this one completes it, else None.

    A part that came before has no effect. The parts are given out once: write the message in the same transaction.
    """
    group = part.group_key()
    serialize(session, group)
    if not insert_once(session, MessagePart, (MessagePart.key,), values_of(part, group)):
        return None
    nearest = _nearest(_waiting(session, group, part.sent_at), part)
    if len(nearest) < part.total:
        return None
    return _give_out([nearest[seq] for seq in sorted(nearest)], part.received_at)


def take_incomplete(session: Session, *, received_before: datetime, now: datetime) -> list[tuple[Part, ...]]:
    """Give out, once, what waits in vain: for each message the parts that came before that time."""
    old = (MessagePart.joined_at.is_(None), MessagePart.received_at < received_before)
    groups = session.scalars(select(MessagePart.group_key).where(*old).group_by(MessagePart.group_key)).all()
    taken = []
    for group in sorted(groups):
        serialize(session, group)
        rows = session.scalars(
            select(MessagePart)
            .where(*old, MessagePart.group_key == group)
            .order_by(MessagePart.sent_at, MessagePart.id)
            .execution_options(populate_existing=True)
        ).all()
        taken += [_give_out(rows_of_one, now) for rows_of_one in _split(rows)]
    return taken


def waiting_parts(session: Session) -> int:
    """How many parts wait for others."""
    query = select(func.count()).select_from(MessagePart).where(MessagePart.joined_at.is_(None))
    return session.execute(query).scalar_one()


def values_of(part: Part, group: str) -> dict[str, object]:
    """The columns of a part's row."""
    return {
        "key": part.key,
        "group_key": group,
        "sim": part.sim,
        "originator": part.originator,
        "reference": part.reference,
        "reference_bits": part.reference_bits,
        "total": part.total,
        "seq": part.seq,
        "pdu": part.pdu,
        "sent_at": part.sent_at,
        "received_at": part.received_at,
    }


def _waiting(session: Session, group: str, sent_at: datetime) -> Sequence[MessagePart]:
    query = (
        select(MessagePart)
        .where(
            MessagePart.group_key == group,
            MessagePart.joined_at.is_(None),
            MessagePart.sent_at.between(sent_at - JOIN_WINDOW, sent_at + JOIN_WINDOW),
        )
        .order_by(MessagePart.sent_at, MessagePart.id)
    )
    return session.scalars(query).all()


def _nearest(rows: Sequence[MessagePart], part: Part) -> dict[int, MessagePart]:
    """Of each `seq` the row that is nearest to `part` in the network's time: a reference may come again soon."""
    nearest: dict[int, MessagePart] = {}
    for row in sorted(rows, key=lambda row: _apart(row, part)):
        nearest.setdefault(row.seq, row)
    nearest[part.seq] = next(row for row in rows if row.key == part.key)
    return nearest


def _apart(row: MessagePart, part: Part) -> timedelta:
    return abs(row.sent_at - part.sent_at)


def _split(rows: Sequence[MessagePart]) -> list[list[MessagePart]]:
    """Rows of one group in the network's order, cut where a sequence number repeats or the window ends."""
    messages: list[list[MessagePart]] = []
    for row in rows:
        current = messages[-1] if messages else []
        fits = current and row.sent_at - current[0].sent_at <= JOIN_WINDOW
        if fits and row.seq not in {other.seq for other in current}:
            current.append(row)
        else:
            messages.append([row])
    return messages


def _give_out(rows: Sequence[MessagePart], at: datetime) -> tuple[Part, ...]:
    for row in rows:
        row.joined_at = at
    return tuple(part_of(row) for row in sorted(rows, key=lambda row: row.seq))


def part_of(row: MessagePart) -> Part:
    """The part that a row keeps."""
    return Part(
        key=row.key,
        sim=row.sim,
        originator=row.originator,
        reference=row.reference,
        reference_bits=row.reference_bits,
        total=row.total,
        seq=row.seq,
        pdu=row.pdu,
        sent_at=row.sent_at,
        received_at=row.received_at,
    )
