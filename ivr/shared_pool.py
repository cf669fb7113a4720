"""The operator pool of an installation, as every process of it opens it."""

from collections.abc import Callable

from redis import Redis

from ivr.pool_log import log_pool_event
from redis_queue.operators import PoolEvent, PoolTimes
from redis_queue.pool import OperatorPool
from siaga112.settings import Settings


def shared_pool(
    settings: Settings, redis: Redis, on_event: Callable[[PoolEvent], None] | None = log_pool_event
) -> OperatorPool:
    """The pool with the city's times; what it changes is said in the log, unless something else is done with it."""
    routing = settings.routing
    times = PoolTimes(
        overflow_ms=routing.overflow_seconds * 1000, same_operator_ms=routing.same_operator_minutes * 60_000
    )
    return OperatorPool(redis, times=times, on_event=on_event)
