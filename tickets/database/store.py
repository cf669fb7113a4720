"""The database: opened once by whoever composes a process, handed down as one `Store`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from tickets.database import postgresql, sqlite
from tickets.database.outages import MEND_SCHEMA, outages_told
from tickets.errors import BadStoreUrlError, NoSchemaError

if TYPE_CHECKING:
    from tickets.database.backup import Copied

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


class Store:
    """The owner of a database engine. Safe to share between threads; not across a fork."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """A store on an SQLAlchemy URL (`sqlite:///FILE`, `postgresql+psycopg://…`); connects only when used.

        Raises `BadStoreUrlError`, which never repeats the URL, since that may hold a password.
        """
        parsed = parse_url(url)
        try:
            return cls(_engine(parsed))
        except (ValueError, TypeError) as error:
            # The libraries' words may quote a value, and the password is one.
            raise BadStoreUrlError(
                f"store url: {parsed.get_backend_name()} does not know what stands behind the question mark; "
                "expected options such as ?sslmode=require, or none"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all idle connections. The store may still be used: it would connect anew."""
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept as a whole when the block ends, and not at all when it raises.

        On SQLite it holds the write lock from its begin: keep it short. Objects stay readable after the block, as far
        as they were loaded. Raises `StoreUnavailableError` for outages, its `NoSchemaError` before the first
        `upgrade`; other database errors pass as they are.
        """
        self._require_file()
        with outages_told(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            # Takes the lock (or finds the outage) before the caller's first thought about what it reads.
            session.connection()
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only looks: it sees one moment, waits for no writer and keeps no writer waiting.

        An attempt to write is refused with the database's own error.
        """
        read_only = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        self._require_file()
        engine = self._engine.execution_options(**read_only.READ_ONLY)
        with outages_told(reading=True), Session(engine, expire_on_commit=False) as session:
            yield session

    def check(self) -> None:
        """Raise `StoreUnavailableError` unless the database answers a query now."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def revisions(self) -> tuple[str | None, str]:
        """The schema that the database has (None: none yet) and the one that this program wants.

        Raises `StoreUnavailableError` for outages.
        """
        from tickets.database.migrate import found_revision, head_revision  # noqa: PLC0415 - as below

        with outages_told(reading=True), self._engine.connect() as connection:
            return found_revision(connection), head_revision()

    def backup(self, file: Path) -> "Copied":
        """Copy everything, as it is at one moment, into a new file; others go on writing meanwhile.

        Raises `FileExistsError`, `StoreUnavailableError`.
        """
        from tickets.database.backup import write_backup  # noqa: PLC0415 - as below

        with self.reading() as session:
            return write_backup(session.connection(), file)

    def restore(self, file: Path) -> "Copied":
        """Replace everything by what a backup holds, or nothing; others wait meanwhile.

        Raises `BadBackupError`, `StoreUnavailableError`.
        """
        from tickets.database.backup import read_backup  # noqa: PLC0415 - as below

        with self.transaction() as session:
            return read_backup(file, session.connection())

    def upgrade(self) -> None:
        """Bring the schema to this program's revision; safe to run from several processes at once.

        Raises `UnknownSchemaError` when a newer program made the database, `MigrationFailedError` when it refuses a
        step, `StoreUnavailableError` for outages.
        """
        from tickets.database.migrate import upgrade_engine  # noqa: PLC0415 - Alembic is loaded only by who migrates

        with outages_told():
            upgrade_engine(self._engine)

    def _require_file(self) -> None:
        """SQLite would make an empty file of a path where none is; only `upgrade` makes a database."""
        url = self._engine.url
        is_path = url.get_backend_name() == "sqlite" and "uri" not in url.query
        if is_path and not Path(url.database or "").exists():
            raise NoSchemaError(f"there is no database at {url.database} yet: {MEND_SCHEMA}")


def parse_url(text: str) -> URL:
    """The URL of a database that is supported, with the driver that is used; raises `BadStoreUrlError`."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise BadStoreUrlError(
            "store url: not a database URL; expected sqlite:///FILE or postgresql+psycopg://…"
        ) from error
    backend = url.get_backend_name()
    if url.drivername not in {backend, DRIVERS.get(backend)} or backend not in DRIVERS:
        raise BadStoreUrlError(
            f"store url: {url.drivername} is not supported; expected sqlite:///FILE or postgresql+psycopg://…"
        )
    if backend == "sqlite" and url.database in {None, "", ":memory:"}:
        raise BadStoreUrlError("store url: SQLite needs a file that all processes share; expected sqlite:///FILE")
    return url.set(drivername=DRIVERS[backend])


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True)
        sqlite.prepare(engine)
        return engine
    postgresql.check_options(url.query)
    # Pre-ping: the first transaction after a server's restart must not pay for connections that died with it.
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=postgresql.POOL_TIMEOUT,
        connect_args=postgresql.CONNECT_ARGS,
    )
    postgresql.prepare(engine)
    return engine
