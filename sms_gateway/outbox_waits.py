"""What a line's log says when replies cannot be sent for want of the database."""

from structlog.typing import FilteringBoundLogger

from tickets.errors import NoSchemaError, StoreUnavailableError


def say_outbox_waits(log: FilteringBoundLogger, error: StoreUnavailableError, **about: str) -> None:
    """Say it; `about`: of which line.

    At a first start the worker, which begins beside us, is making the tables: no warning. Where it cannot, it says so.
    """
    tell = log.info if isinstance(error, NoSchemaError) else log.warning
    tell("outbox.waits", reason=str(error), **about)
