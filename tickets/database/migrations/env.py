"""Alembic's entry point: runs the migrations on the connection that `tickets.database.migrate` opened."""

from alembic import context

from tickets.model.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter a table in place: later migrations copy it, in the same transaction.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
