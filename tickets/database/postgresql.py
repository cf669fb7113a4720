"""PostgreSQL as this program needs it: dead servers noticed within seconds, errors that do not quote data."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

# A server that went away without a word is noticed within seconds, not after the hours that TCP allows (libpq,
# "Parameter Key Words"; seconds, the last in milliseconds).
CONNECT_ARGS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "siaga112",
}

# Execution options of a transaction that only looks, at one moment.
READ_ONLY = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

# Seconds to wait for a connection of the pool before the database counts as away.
POOL_TIMEOUT = 10


def check_options(query: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError for what libpq does not know: it would say so at each connection, as if it were an outage."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - SQLite's users need not wait for it
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    try:
        make_conninfo(**{name: value for name, value in query.items() if isinstance(value, str)})
    except ProgrammingError as error:
        raise ValueError("an option that libpq does not know") from error


def prepare(engine: Engine) -> None:
    """Hook a PostgreSQL engine so that its errors can be logged."""
    event.listen(engine, "handle_error", _keep_primary_message)


def _keep_primary_message(context: ExceptionContext) -> None:
    # The server's DETAIL quotes the failing row: a citizen's number and words.
    cause = context.original_exception
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    if primary is None:
        return
    whole = str(cause)
    cause.args = (primary,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (str(context.sqlalchemy_exception.args[0]).replace(whole, primary),)
