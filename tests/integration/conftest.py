"""Real servers for the integration tests."""

from collections.abc import Iterator

import pytest
from redis import Redis

from redis_queue.connection import connect
from tests.support.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_session() -> Iterator[RedisServer]:
    """One redis-server for the whole run; tests take `redis_server`."""
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def redis_server(redis_session: RedisServer) -> Iterator[RedisServer]:
    """The running server, empty; a test may kill or freeze it, the next one finds it well again."""
    if not redis_session.running():
        redis_session.start()
    redis_session.thaw()
    client = connect(redis_session.url)
    client.flushall()
    client.script_flush()
    client.close()
    yield redis_session
    if redis_session.running():
        redis_session.thaw()


@pytest.fixture
def redis_client(redis_server: RedisServer) -> Iterator[Redis]:
    """A client of the empty server, as the program makes it."""
    client = connect(redis_server.url)
    yield client
    client.close()
