"""Real servers for the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.softphone import Phone
from tests.support.asterisk_server import AsteriskServer
from tests.support.city import City


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
    """The running Asterisk, without calls and phones, and with its events forgotten."""
    asterisk_module.forget_fixed_phone()
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


@pytest.fixture(scope="session")
def city_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One running city for all tests that leave it as it was; tests take `city`."""
    city = City(tmp_path_factory.mktemp("city"))
    try:
        city.start()
        yield city
        city.stop()
    finally:
        city.close()


@pytest.fixture
def city(city_session: City) -> Iterator[City]:
    """The running city, without phones and calls."""
    yield city_session
    city_session.rest()


@pytest.fixture
def city_carrier(city: City) -> Iterator[Phone]:
    """The other end of the city's trunk."""
    with city.carrier() as phone:
        yield phone


@pytest.fixture
def own_city(tmp_path: Path) -> Iterator[City]:
    """A running city of a test's own, which it may stop and kill; calls may go on for 3 s at its end."""
    city = City(tmp_path, drain_seconds=3)
    try:
        city.start()
        yield city
    finally:
        city.close()
