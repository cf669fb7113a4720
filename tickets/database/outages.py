"""Telling "the database is away" from "the program is wrong" when SQLAlchemy raises."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from tickets.errors import NoSchemaError, StoreUnavailableError

# Primary result codes, https://www.sqlite.org/rescode.html: PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT,
# FULL, CANTOPEN, PROTOCOL, NOTADB. Each is mended by waiting or by a person, none by throwing the work away.
SQLITE_OUTAGES = frozenset({3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
SQLITE_READONLY = 8

# SQLSTATE classes, PostgreSQL Appendix A: connection exception, transaction rollback (deadlock, serialization),
# insufficient resources, object not in prerequisite state (lock not available), operator intervention, system error.
SQLSTATE_OUTAGES = frozenset({"08", "40", "53", "55", "57", "58"})

# A server that has become a standby takes no writes until it is the primary again.
READ_ONLY_TRANSACTION = "25006"

# undefined_table and undefined_column; SQLite has words for them and no code of their own.
_SQLSTATE_NO_SCHEMA = frozenset({"42P01", "42703"})
_SQLITE_NO_SCHEMA = ("no such table: ", "no such column: ")

MEND_SCHEMA = "`siaga112 up` or `siaga112 db upgrade` makes it"


@contextmanager
def outages_told(*, reading: bool = False) -> Iterator[None]:
    """Turn an outage within the block into `StoreUnavailableError`; any other error passes as it is.

    While `reading`, a refusal to write is no outage but the program's mistake.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreUnavailableError("no database connection became free in time") from error
    except exc.DBAPIError as error:
        if lacks_schema(error):
            raise NoSchemaError(f"the database is not what this program needs yet: {MEND_SCHEMA}") from error
        if not is_outage(error) or (reading and _refuses_writing(error)):
            raise
        raise StoreUnavailableError(f"database unavailable: {_one_line(error)}") from error


def is_outage(error: exc.DBAPIError) -> bool:
    """Whether the same work may succeed once the database is well again."""
    if error.connection_invalidated:
        return True
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in SQLITE_OUTAGES
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return isinstance(error, exc.OperationalError | exc.InterfaceError)
    return state[:2] in SQLSTATE_OUTAGES or state == READ_ONLY_TRANSACTION


def lacks_schema(error: exc.DBAPIError) -> bool:
    """Whether a table or column is not there: what the program asks for comes from its models, so it will be."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return str(cause).startswith(_SQLITE_NO_SCHEMA)
    return getattr(cause, "sqlstate", None) in _SQLSTATE_NO_SCHEMA


def _refuses_writing(error: exc.DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) == SQLITE_READONLY
    return getattr(cause, "sqlstate", None) == READ_ONLY_TRANSACTION


def _sqlite_code(cause: sqlite3.Error) -> int:
    # Errors that the driver raises by itself carry no code.
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF


def _one_line(error: exc.DBAPIError) -> str:
    # Only the driver's words: SQLAlchemy's would add the statement.
    return " ".join(str(error.orig).split())
