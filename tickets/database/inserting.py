"""Two statements that both databases know but SQLAlchemy spells per dialect."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, func, select
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
    return bool(insert_each_once(session, model, unique, [values]))


def insert_each_once(
    session: Session,
    model: type[Base],
    unique: tuple[InstrumentedAttribute[Any], ...],
    rows: Sequence[Mapping[str, Any]],
) -> frozenset[tuple[Any, ...]]:
    """`insert_once` for rows with the same columns; what the inserted ones have in `unique`, as it is stored."""
    if not rows:
        return frozenset()
    build = postgresql.insert if _is_postgresql(session) else sqlite.insert
    # Into the table and not the model: the session need not know rows that it never reads.
    statement = build(cast(Table, model.__table__)).on_conflict_do_nothing(
        index_elements=[column.key for column in unique]
    )
    return frozenset(map(tuple, session.execute(statement.returning(*unique), rows)))


def serialize(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends.

    SQLite has nothing to do: a transaction that writes is alone from its begin.
    """
    if _is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(storable(name), 0))))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
