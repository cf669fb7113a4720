"""The SMS parts without `up`, as a machine runs that has its own Redis and service manager."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.eventual import LIMIT_S, eventually
from tests.support.redis_server import RedisServer
from tests.support.sms import pdus
from tests.support.sms_city import SmsCity
from tests.support.stranger_modem import StrangerModem


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that somebody else looks after."""
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@contextmanager
def part(city: SmsCity, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One part in the foreground; SIGTERM ends it well."""
    process = subprocess.Popen([sys.executable, "-m", "siaga112", "--config", str(city.config), *command])
    try:
        yield process
    finally:
        process.terminate()
        assert 0 == process.wait(LIMIT_S)


def test_two_parts_on_an_empty_database(tmp_path: Path, own_redis: RedisServer) -> None:
    """Nobody has made the tables: the worker does, whichever part starts first, and nothing is lost until then."""
    with ExitStack() as stack:
        modem = stack.enter_context(StrangerModem())
        modem.arrive(*pdus("Banjir di Rogojampi"))
        city = SmsCity(tmp_path, {"telkomsel-1": modem.port}, f'[redis]\nurl = "{own_redis.url}"\n')
        stack.callback(city.app.store.close)
        stack.callback(city.app.redis.close)
        city.app.paths.state_dir.mkdir()
        stack.enter_context(part(city, "modems", "serve"))
        assert modem.wait_empty(LIMIT_S)
        stack.enter_context(part(city, "worker"))
        eventually("nothing waits", lambda: not city.undone())
        tickets = city.await_texts({"Banjir di Rogojampi"})
        assert modem.wait_bodies(1, LIMIT_S)

    assert ["Banjir di Rogojampi"] == [ticket["text"] for ticket in tickets]
