"""PostgreSQL as this program needs it: dead servers noticed within seconds, errors that do not quote data."""

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
