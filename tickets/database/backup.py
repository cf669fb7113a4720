"""A copy of the whole database in one file, taken while the program runs, and brought back row by row.

The file is an SQLite database with this program's schema, whatever kind of database it is taken from: so a city that
outgrows one machine takes its tickets along from SQLite to PostgreSQL.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, create_engine, exc, func, insert, select, text, update

from tickets.database.migrate import upgrade_engine
from tickets.errors import BadBackupError, UnknownSchemaError
from tickets.model.tables import Base
from tickets.model.ticket import TicketCounter

BATCH = 1000
"""Rows that are in memory at a time."""

TABLES: Sequence[Table] = Base.metadata.sorted_tables
COUNTERS = Base.metadata.tables[TicketCounter.__tablename__]


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has in the copy, which was compared with its source row by row."""

    rows: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(count for _, count in self.rows)


def write_backup(source: Connection, target: Path) -> Copied:
    """Copy all tables, as they are at one moment, into a new file of mode 0600.

    Args:
        source: a transaction that sees one moment.

    Raises:
        FileExistsError: `target` is there.
    """
    if target.exists():
        raise FileExistsError(f"{target} is there already: name another file")
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        fresh = Path(folder) / "backup"
        with _file_engine(fresh) as engine:
            upgrade_engine(engine)
            with engine.begin() as copy:
                copied = _copy(source, copy)
        descriptor = os.open(fresh, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        fresh.rename(target)
    return copied


def read_backup(source: Path, target: Connection) -> Copied:
    """Replace all rows of a database by those of a backup; in force only when the caller commits.

    An older backup is brought to this program's schema first, on a copy. Only the counters of ticket numbers never go
    back: numbers that were given out since the backup are not given out again.

    Raises:
        BadBackupError: the file is no backup, or what was written is not what it holds.
    """
    with tempfile.TemporaryDirectory(prefix="siaga112-restore-") as folder:
        copy = Path(folder) / "backup"
        shutil.copyfile(source, copy)
        with _file_engine(copy) as engine:
            _bring_up_to_date(engine, source)
            with engine.connect() as rows:
                given_out = target.execute(select(COUNTERS).with_for_update()).all()
                for table in reversed(TABLES):
                    target.execute(table.delete())
                copied = _copy(rows, target)
    _give_no_number_twice(target, given_out)
    _continue_numbering(target)
    return copied


@contextmanager
def _file_engine(path: Path) -> Iterator[Engine]:
    path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _bring_up_to_date(engine: Engine, source: Path) -> None:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version")).one()
        upgrade_engine(engine)
    except (exc.DatabaseError, exc.NoResultFound) as error:
        raise BadBackupError(f"{source} is no backup: `siaga112 db backup FILE` writes one") from error
    except UnknownSchemaError as error:
        raise BadBackupError(f"{source} was written by a newer program: upgrade this one") from error


def _copy(source: Connection, target: Connection) -> Copied:
    counts = []
    for table in TABLES:
        for batch in _rows(source, table).partitions(BATCH):
            target.execute(insert(table), [row._asdict() for row in batch])
        counts.append((table.name, _compare(source, target, table)))
    return Copied(tuple(counts))


def _compare(source: Connection, target: Connection, table: Table) -> int:
    """Every row of one is that of the other; how many they are."""
    count = 0
    for ours, theirs in zip_longest(_rows(source, table), _rows(target, table)):
        if _values(ours) != _values(theirs):
            raise BadBackupError(f"row {count + 1} of {table.name} did not come out as it went in; nothing was changed")
        count += 1
    return count


def _values(row: Row[Any] | None) -> tuple[Any, ...] | None:
    return None if row is None else tuple(row)


def _rows(connection: Connection, table: Table) -> Any:
    statement = select(table).order_by(*table.primary_key)
    return connection.execute(statement, execution_options={"yield_per": BATCH})


def _give_no_number_twice(target: Connection, given_out: Sequence[Row[Any]]) -> None:
    """A number that a citizen was told since the backup stays that report's, though its ticket is gone."""
    brought_back = {(row.site, row.year): row.last for row in target.execute(select(COUNTERS))}
    for row in given_out:
        mine = (COUNTERS.c.site == row.site, COUNTERS.c.year == row.year)
        last = brought_back.get((row.site, row.year))
        if last is None:
            target.execute(insert(COUNTERS).values(row._asdict()))
        elif last < row.last:
            target.execute(update(COUNTERS).where(*mine).values(last=row.last))


def _continue_numbering(target: Connection) -> None:
    """PostgreSQL counts its keys beside the rows: the next one follows what was brought back."""
    if target.dialect.name != "postgresql":
        return
    for table in TABLES:
        column = table.autoincrement_column
        if column is not None:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            target.execute(select(func.setval(sequence, highest, False)).where(sequence.is_not(None)))
