"""Several workers on one machine: each keeps what it has in hand under its own name."""

from contextlib import closing
from functools import partial
from pathlib import Path

from redis import Redis

from redis_queue.names import SMS_STREAM
from siaga112.app import App
from siaga112.parts.worker import worker
from tests.support.configuration import read
from tests.support.eventual import eventually
from tests.support.redis_server import RedisServer

CONFIGURATION = """
[site]
node = "banyuwangi"

[redis]
url = "{redis}"

[store]
url = "sqlite:///{database}"
"""


def consumers(redis: Redis) -> set[str]:
    """Who reads the messages."""
    if not redis.exists(SMS_STREAM):
        return set()
    return {
        row["name"]
        for group in redis.xinfo_groups(SMS_STREAM)
        for row in redis.xinfo_consumers(SMS_STREAM, group["name"])
    }


def test_two_workers(redis_server: RedisServer, redis_client: Redis, tmp_path: Path) -> None:
    """Their names are the node's and their own, the same at every start."""
    settings = read(CONFIGURATION.format(redis=redis_server.url, database=tmp_path / "siaga112.db"))
    for expected in ({"banyuwangi-1"}, {"banyuwangi-1", "banyuwangi-2"}):
        app = App(settings)
        with closing(app.redis), closing(app.reading_redis), worker(app, name=str(len(expected))):
            eventually("it reads", partial(reads, redis_client, expected))


def reads(redis: Redis, expected: set[str]) -> bool:
    """Whether just these read."""
    return consumers(redis) == expected
