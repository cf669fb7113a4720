"""Real servers for the integration tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from redis_queue.connection import connect
from redis_queue.pool import OperatorPool
from tests.support.checked import Installation
from tests.support.pool import Clock, checked_pool
from tests.support.postgres import PostgresServer
from tests.support.redis_server import RedisServer
from tickets.database.store import Store


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


@pytest.fixture(scope="session")
def postgres_session() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run; tests take `postgres_server`."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_server(postgres_session: PostgresServer) -> PostgresServer:
    """The running server; a test asks it for a database of its own, and may stop it."""
    if not postgres_session.running():
        postgres_session.start()
    return postgres_session


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without a schema, on each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'siaga112.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with its schema, on each kind of database in turn."""
    with Store.open(store_url) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The pool's clock, moved by the test."""
    return Clock()


@pytest.fixture
def pool(redis_client: Redis, clock: Clock) -> OperatorPool:
    """An empty pool on the test's clock; every change is checked against the table of states."""
    return checked_pool(redis_client, clock)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A sound installation, to be spoilt."""
    return Installation(tmp_path)
