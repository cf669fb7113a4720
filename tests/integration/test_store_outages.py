"""A database that is away, locked or full is told from a mistake of the program, and comes back by itself."""

import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.support.postgres import PostgresServer
from tests.support.tickets import SITE, report
from tickets.database.store import Store
from tickets.errors import NoSchemaError, StoreUnavailableError
from tickets.ticketing import TicketFilter, list_tickets, open_ticket


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An SQLite file with the schema."""
    file = tmp_path / "siaga112.db"
    with Store.open(f"sqlite:///{file}") as store:
        store.upgrade()
    return file


def impatient(store: Store) -> None:
    """Let the store's one idle connection wait for a lock no longer than a moment."""
    with store.reading() as session:
        session.execute(text("PRAGMA busy_timeout = 20"))


def test_a_locked_file_is_an_outage_for_writers_only(database: Path) -> None:
    """Who reads still can; who writes is told to try again, and can as soon as the lock is gone."""
    locker = sqlite3.connect(database, isolation_level=None)
    with Store.open(f"sqlite:///{database}") as store:
        impatient(store)
        locker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="locked"), store.transaction():
            pytest.fail("the block must not begin")
        with store.reading() as session:
            assert list_tickets(session, TicketFilter()) == []
        locker.execute("ROLLBACK")
        with store.transaction() as session:
            assert open_ticket(session, SITE, report()).number == "BWI-2026-000001"
    locker.close()


def test_a_full_disk_is_an_outage_that_keeps_nothing(database: Path) -> None:
    """The transaction that did not fit was never there."""
    with Store.open(f"sqlite:///{database}") as store:
        with store.reading() as session:
            session.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(StoreUnavailableError, match="full"), store.transaction() as session:
            open_ticket(session, SITE, report("x" * 1_000_000))
        with store.reading() as session:
            assert list_tickets(session, TicketFilter()) == []


def test_a_directory_that_is_not_there_is_an_outage(tmp_path: Path) -> None:
    """A disk that is not mounted yet may come."""
    with Store.open(f"sqlite:///{tmp_path}/absent/siaga112.db") as store, pytest.raises(StoreUnavailableError):
        store.check()


def test_a_database_that_was_never_made_is_an_outage(store_url: str) -> None:
    """Who works on it waits for somebody to make it, and is told how; looking makes nothing."""
    with Store.open(store_url) as store:
        with pytest.raises(NoSchemaError, match="siaga112 db upgrade"), store.reading() as session:
            list_tickets(session, TicketFilter())
        with pytest.raises(NoSchemaError, match="siaga112 db upgrade"), store.transaction() as session:
            open_ticket(session, SITE, report())
        assert not Path(store_url.removeprefix("sqlite:///")).exists()
        store.upgrade()
        with store.reading() as session:
            assert list_tickets(session, TicketFilter()) == []


def test_a_mistake_is_no_outage(store: Store) -> None:
    """Trying again would not mend it, and nothing hides it."""
    with pytest.raises(DBAPIError, match="no_such_function"), store.transaction() as session:
        session.execute(text("SELECT no_such_function()"))
    with pytest.raises(IntegrityError), store.transaction() as session:
        open_ticket(session, SITE, report(priority=9))


def test_an_error_does_not_say_what_was_written(store: Store) -> None:
    """Phone numbers and texts stay out of error messages."""
    secret = report("x" * 7 + "rahasia", priority=9, reporter="+62812345" + "0099")
    with pytest.raises(IntegrityError) as error, store.transaction() as session:
        open_ticket(session, SITE, secret)

    told = "".join(traceback.format_exception(error.value))
    assert ("priority" in told, "xrahasia" in told, "+628123450099" in told) == (True, False, False)


def test_a_reading_session_refuses_to_write(store: Store) -> None:
    """A mistake of the program is told as one, and the next transaction writes as ever."""
    with pytest.raises(DBAPIError, match=r"read-?only"), store.reading() as session:
        session.execute(text("INSERT INTO ticket_counters (site, year, last) VALUES ('BWI', 2026, 7)"))
    with store.transaction() as session:
        assert open_ticket(session, SITE, report()).number == "BWI-2026-000001"


def test_a_restart_of_postgresql_is_not_noticed(postgres_server: PostgresServer) -> None:
    """Connections that died while nobody used them are replaced before the next transaction meets them."""
    with Store.open(postgres_server.new_database()) as store:
        store.upgrade()
        postgres_server.stop()
        postgres_server.start()
        with store.transaction() as session:
            assert open_ticket(session, SITE, report()).number == "BWI-2026-000001"


def test_postgresql_comes_back_by_itself(postgres_server: PostgresServer) -> None:
    """Down it is an outage within a transaction and before one; restarted it is used by the same store at once."""
    with Store.open(postgres_server.new_database()) as store:
        store.upgrade()
        with pytest.raises(StoreUnavailableError), store.transaction() as session:
            open_ticket(session, SITE, report())
            postgres_server.stop()
            open_ticket(session, SITE, report())
        with pytest.raises(StoreUnavailableError):
            store.check()
        postgres_server.start()
        store.check()
        with store.transaction() as session:
            assert open_ticket(session, SITE, report()).number == "BWI-2026-000001"
