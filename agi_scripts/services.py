"""What scripts need beneath them, opened once for a process and closed in reverse."""

from collections.abc import Iterator
from contextlib import contextmanager

from ivr.desk import Desk, desk_for
from ivr.facts import FactSender
from ivr.remembered import remembered
from ivr.shared_pool import shared_pool
from redis_queue.connection import connect, connect_for_reading
from redis_queue.names import CALL_STREAM
from redis_queue.streams import Stream
from redis_queue.wake import WakeListener
from siaga112.paths import redis_url
from siaga112.settings import Settings


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The desk of this installation. Redis may be away: then calls go to the fallback until it is back."""
    url = redis_url(settings)
    redis = connect(url)
    pool = shared_pool(settings, redis)
    wakes = WakeListener(lambda: connect_for_reading(url))
    wakes.start()
    try:
        with FactSender(Stream(redis, CALL_STREAM)) as facts:
            yield desk_for(settings, pool, wakes, facts, remembered(redis))
    finally:
        wakes.close()
        redis.close()
