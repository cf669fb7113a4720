"""kill -9 of anything at any moment, and the database away: no message is lost, none becomes two tickets."""

import os
import random
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.eventual import eventually
from tests.support.postgres import PostgresServer
from tests.support.sms_city import SmsCity
from tests.support.sms_storm import REDIS, UP, Storm, kill, modem_process, telephone

MESSAGES = 300
SECONDS = 20.0
ALL_IN_S = 60.0
KILLED = ("modems", "worker", REDIS) * 3 + ("web", "agi", "switchboard", UP)
"""Each of these, in any order, at random moments."""

AWAY_S = float(os.environ.get("TEST_DATABASE_AWAY_S", "10"))
KILLED_WITHOUT_DATABASE = ("modems", "worker", REDIS, "web")

Back = Callable[[], None]


def test_kill_anything(tmp_path: Path) -> None:
    """Long messages with emoji, their parts in any order, over two modems, while every process of ours is killed.

    In the middle Redis is told to end, as an update of the system does it, and started again.
    """
    seed = int(os.environ.get("TEST_SEED", "112"))
    chance = random.Random(seed)  # noqa: S311
    with ExitStack() as stack:
        links = [stack.enter_context(modem_process(tmp_path / name)) for name in ("first", "second")]
        modems = {link.name: str(link) for link in links}
        city = stack.enter_context(SmsCity(tmp_path, modems, more=telephone(tmp_path)))
        storm = stack.enter_context(Storm(links, MESSAGES, SECONDS, chance))
        victims = chance.sample(KILLED, len(KILLED))
        tick = threading.Event()
        for place, victim in enumerate(victims):
            tick.wait(chance.uniform(0.2, 2 * SECONDS / len(victims) - 0.2))
            kill(city, victim)
            if place == len(victims) // 2:
                kill(city, REDIS, signal.SIGTERM)
        expect_each_once(city, storm)


@contextmanager
def locked_sqlite(folder: Path) -> Iterator[tuple[str, Callable[[], Back]]]:
    """The city's own file, which another program locks."""

    def lock() -> Back:
        connection = sqlite3.connect(folder / "state" / "siaga112.db", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("BEGIN EXCLUSIVE")
        return connection.close

    yield "", lock


@contextmanager
def stopped_postgres(_folder: Path) -> Iterator[tuple[str, Callable[[], Back]]]:
    """A server that is stopped and started again."""
    server = PostgresServer()

    def stop() -> Back:
        server.stop()
        return server.start

    try:
        server.start()
        yield f'[store]\nurl = "{server.new_database()}"\n', stop
    finally:
        server.remove()


@pytest.mark.parametrize("database", [locked_sqlite, stopped_postgres])
def test_database_away(tmp_path: Path, database: Callable[[Path], object]) -> None:
    """The same while the database is away for long: nothing is dead, nothing is lost, nothing comes twice."""
    chance = random.Random(113)  # noqa: S311
    with ExitStack() as stack:
        more, away = stack.enter_context(database(tmp_path))  # type: ignore[call-overload]
        links = [stack.enter_context(modem_process(tmp_path / name)) for name in ("first", "second")]
        city = stack.enter_context(SmsCity(tmp_path, {link.name: str(link) for link in links}, more=more))
        storm = stack.enter_context(Storm(links, MESSAGES, AWAY_S * 1.5, chance))
        tick = threading.Event()
        tick.wait(AWAY_S / 4)
        back = away()
        try:
            for victim in chance.sample(KILLED_WITHOUT_DATABASE, len(KILLED_WITHOUT_DATABASE)):
                tick.wait(AWAY_S / len(KILLED_WITHOUT_DATABASE))
                kill(city, victim)
        finally:
            back()
        expect_each_once(city, storm)


def expect_each_once(city: SmsCity, storm: Storm) -> None:
    """As many tickets as messages, each with its text to the letter; nothing waits, nothing is dead."""
    storm.join()
    city.await_texts(set(storm.texts), limit_s=ALL_IN_S)
    eventually("nothing waits", lambda: not city.undone())
    tickets = Counter(ticket["text"] for ticket in city.tickets())
    incoming = Counter(row["text"] for row in city.messages() if row["direction"] == "in")
    assert Counter(storm.texts) == tickets
    assert Counter(storm.texts) == incoming
    assert [] == city.up.listing("messages", "dead")
