"""Real servers for the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.softphone import Phone
from tests.support.asterisk_server import AsteriskServer


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """One Asterisk for the tests of a file; tests take `asterisk`."""
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"))
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def asterisk(asterisk_module: AsteriskServer) -> Iterator[AsteriskServer]:
    """The running Asterisk, without calls and with its events forgotten."""
    asterisk_module.events.seen.clear()
    yield asterisk_module
    asterisk_module.wait_idle()


@pytest.fixture
def carrier(asterisk: AsteriskServer) -> Iterator[Phone]:
    """The other end of the trunk `carrier`."""
    with asterisk.carrier() as phone:
        yield phone


@pytest.fixture
def fresh_asterisk(tmp_path: Path) -> Iterator[AsteriskServer]:
    """An Asterisk of a test's own, not started yet, which it may stop and kill."""
    server = AsteriskServer(tmp_path)
    try:
        yield server
    finally:
        server.close()
