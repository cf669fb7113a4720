"""Two statements that both databases know but SQLAlchemy spells per dialect."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from tickets.database.columns import storable
from tickets.model.base import Base


def insert_once(
    session: Session, model: type[Base], unique: tuple[InstrumentedAttribute[Any], ...], values: Mapping[str, Any]
) -> bool:
    """Insert a row unless one with the same `unique` columns is there; whether it was inserted.

    Waits for another transaction that is inserting the same row, so the answer is final.
    """
    build = postgresql.insert if _is_postgresql(session) else sqlite.insert
    statement = build(model).values(**values).on_conflict_do_nothing(index_elements=[column.key for column in unique])
    return session.execute(statement.returning(*unique)).first() is not None


def serialize(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends.

    SQLite has nothing to do: a transaction that writes is alone from its begin.
    """
    if _is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(storable(name), 0))))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
