"""Keys under which messages and their parts are kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from tickets.model.message import Message, MessagePart


def first_known(session: Session, keys: Sequence[str]) -> str | None:
    """The first of these keys under which a message or a part is kept; None when none is."""
    found = session.scalars(
        union(
            select(Message.key).where(Message.key.in_(keys)),
            select(MessagePart.key).where(MessagePart.key.in_(keys)),
        )
    ).all()
    return next((key for key in keys if key in found), None)


def kept_at(session: Session, key: str) -> datetime | None:
    """When the message or the part with this key came; None when none is kept."""
    return session.scalars(
        union(
            select(Message.created_at).where(Message.key == key),
            select(MessagePart.received_at).where(MessagePart.key == key),
        )
    ).first()
