"""SQLite as several processes need it: write-ahead log, durable commits, one writer at a time from its first statement.

The driver's own transactions begin late, so two processes that both read and then write lose updates without an error.
Here every transaction begins with BEGIN IMMEDIATE, unless it was opened for reading only.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 10_000

# Execution options of a transaction that only looks.
READ_ONLY = {"siaga112_read_only": True}

PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "journal_mode = WAL",
    # FULL also in WAL mode: an acknowledged message has to survive a power cut.
    "synchronous = FULL",
    "foreign_keys = ON",
)


def prepare(engine: Engine) -> None:
    """Hook an SQLite engine so that all of its connections behave as described above."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # None: the driver starts no transaction by itself, so that ours is the only BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = READ_ONLY.items() <= connection.get_execution_options().items()
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")
