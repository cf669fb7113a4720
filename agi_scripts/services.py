"""What scripts need beneath them, opened once for a process and closed in reverse."""

from collections.abc import Iterator
from contextlib import contextmanager

from ivr.desk import Desk, desk_for
from ivr.facts import FactSender
from ivr.pool_log import log_pool_event
from redis_queue.connection import connect, connect_for_reading
from redis_queue.names import CALL_STREAM
from redis_queue.operators import PoolTimes
from redis_queue.pool import OperatorPool
from redis_queue.streams import Stream
from redis_queue.wake import WakeListener
from siaga112.paths import StatePaths
from siaga112.settings import Settings


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The desk of this installation. Redis may be away: then calls go to the fallback until it is back."""
    url = settings.redis.url.get_secret_value() or f"unix://{StatePaths(settings.site.state_dir).redis_socket}"
    redis = connect(url)
    times = PoolTimes(overflow_ms=settings.routing.overflow_seconds * 1000)
    pool = OperatorPool(redis, times=times, on_event=log_pool_event)
    wakes = WakeListener(lambda: connect_for_reading(url))
    wakes.start()
    try:
        with FactSender(Stream(redis, CALL_STREAM)) as facts:
            yield desk_for(settings, pool, wakes, facts)
    finally:
        wakes.close()
        redis.close()
