"""Alembic, run from the program: no ini file, the scripts are package data. Imported only by who migrates."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tickets.database.outages import is_outage
from tickets.errors import MigrationFailedError, UnknownSchemaError

# Any constant that no other program on the same server uses: it keeps two upgrades apart.
ADVISORY_LOCK = 112_2026


def alembic_config() -> Config:
    """Alembic's configuration: where this package's migrations are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def head_revision() -> str:
    """The schema revision that this program wants."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def found_revision(connection: Connection) -> str | None:
    """The schema revision that a database has; None before the first upgrade."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_engine(engine: Engine) -> None:
    """Apply what is missing in one transaction; a second upgrade waits for the first and finds nothing to do."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UnknownSchemaError(f"the database's schema is not one that this program knows: {error}") from error
    except SQLAlchemyError as error:
        if isinstance(error, DBAPIError) and is_outage(error):
            raise
        why = error.orig if isinstance(error, DBAPIError) else error
        raise MigrationFailedError(
            f"the schema stays as it was, since a step of its upgrade failed: {' '.join(str(why).split())}; "
            "go back to the program that made it, and report this"
        ) from error
