"""The schema: models and migrations say the same, and an upgrade can be run at any time by anybody."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from tests.support.store_workers import at_once, upgrade
from tickets.database.migrate import head_revision
from tickets.database.store import Store
from tickets.errors import MigrationFailedError, UnknownSchemaError
from tickets.model.tables import Base


def test_models_and_migrations_agree(store: Store, store_url: str) -> None:
    """What the migrations make is what the models expect, on each database."""
    engine = create_engine(store_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})

        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_second_upgrade_changes_nothing(store: Store) -> None:
    """`db upgrade` may be run as often as one likes."""
    store.upgrade()

    with store.reading() as session:
        assert [head_revision()] == list(session.scalars(text("SELECT version_num FROM alembic_version")))


def test_parts_that_start_together_upgrade_once(store_url: str) -> None:
    """Several processes that find an empty database at the same moment all end up with the schema."""
    at_once(upgrade, store_url, 3)

    with Store.open(store_url) as store, store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM tickets")) == 0


def test_a_newer_database_is_told(store: Store) -> None:
    """An old program does not touch a database that a newer one made."""
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnknownSchemaError, match="9999"):
        store.upgrade()


def test_step_that_the_database_refuses(store_url: str) -> None:
    """One line says what the database said; nothing is changed."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tickets (stranger INTEGER)"))
    with Store.open(store_url) as store, pytest.raises(MigrationFailedError) as refusal:
        store.upgrade()

    line = str(refusal.value)
    with engine.connect() as connection:
        assert ["tickets"] == inspect(connection).get_table_names()
    engine.dispose()
    assert "already exists" in line
    assert "\n" not in line
