"""Parts that come after their message was given out without them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.database.inserting import insert_once, serialize
from tickets.messages.parts import JOIN_WINDOW, Part, part_of, values_of
from tickets.model.message import MessagePart


@dataclass(frozen=True, slots=True)
class LatePart:
    """The parts that a message was given out with, and those that it has now; each by `seq`."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]


def add_late_part(session: Session, part: Part) -> LatePart | None:
    """Keep a part that fills a gap in a message that was given out; None when there is no such message."""
    group = part.group_key()
    serialize(session, group)
    query = (
        select(MessagePart)
        .where(
            MessagePart.group_key == group,
            MessagePart.joined_at.is_not(None),
            MessagePart.sent_at.between(part.sent_at - JOIN_WINDOW, part.sent_at + JOIN_WINDOW),
        )
        .order_by(MessagePart.joined_at.desc(), MessagePart.seq)
    )
    rows = session.scalars(query).all()
    newest = [row for row in rows if row.joined_at == rows[0].joined_at]
    if not newest or len(newest) >= part.total or part.seq in {row.seq for row in newest}:
        return None
    values = values_of(part, group) | {"joined_at": newest[0].joined_at}
    if not insert_once(session, MessagePart, (MessagePart.key,), values):
        return None
    before = [part_of(row) for row in newest]
    return LatePart(tuple(before), tuple(sorted([*before, part], key=lambda one: one.seq)))
