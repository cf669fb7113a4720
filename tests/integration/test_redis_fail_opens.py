"""Counts of calls that the dialplan led to a human by itself, in a Redis that comes and goes."""

import pytest
from redis import Redis

from redis_queue.connection import connect
from redis_queue.errors import UnavailableError
from redis_queue.fail_opens import FailOpenReason, FailOpens
from tests.support.redis_server import RedisServer


def test_counts_of_several_processes_add_up(redis_client: Redis) -> None:
    """Each brings what it saw, once."""
    one, other = FailOpens(redis_client), FailOpens(redis_client)
    for counts in (one, one, other):
        counts.count(FailOpenReason.TIMER)
    other.count(FailOpenReason.SCRIPT)
    for counts in (one, other, one):
        counts.flush()

    assert {
        FailOpenReason.SCRIPT: 1,
        FailOpenReason.TIMER: 3,
        FailOpenReason.OPERATORS: 0,
        FailOpenReason.HANDED: 0,
        FailOpenReason.OVERFLOW: 0,
        FailOpenReason.OTHER: 0,
    } == other.read()


def test_nothing_is_forgotten_while_redis_is_away(redis_server: RedisServer) -> None:
    """The very calls that fail open because of Redis are counted when it is back."""
    counts = FailOpens(connect(redis_server.url))
    before = counts.read()[FailOpenReason.OTHER]
    redis_server.kill()
    counts.count(FailOpenReason.OTHER)
    with pytest.raises(UnavailableError):
        counts.flush()
    redis_server.start()
    counts.flush()

    assert before + 1 == counts.read()[FailOpenReason.OTHER]
