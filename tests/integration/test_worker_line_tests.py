"""The worker has the modems write to themselves, where the city wants it."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from siaga112.app import App
from siaga112.parts import worker as part
from sms_gateway import health_board
from sms_gateway.health_board import HealthBoard
from sms_gateway.loopback import is_test_text
from tests.support.configuration import read
from tests.support.eventual import eventually
from tests.support.redis_server import RedisServer
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.vocabulary import Direction

CONFIGURATION = """
[redis]
url = "{redis}"

[store]
url = "sqlite:///{database}"

[monitoring]
sms_hours = 24

[[modems]]
name = "telkomsel-1"
port = "simulator"
"""

NUMBER = "+628113000112"


def test_worker_makes_them(
    redis_server: RedisServer, redis_client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One waits for the modem that works, to the number that its SIM tells."""
    monkeypatch.setattr(part, "LINE_TESTS_EVERY_S", 0.1)
    monkeypatch.setattr(health_board, "SERVED_S", 600)
    settings = read(CONFIGURATION.format(redis=redis_server.url, database=tmp_path / "siaga112.db"))
    HealthBoard(redis_client).show(ModemHealth("telkomsel-1", ModemState.UP, "", number=NUMBER))
    app = App(settings)

    def queued() -> list[tuple[str | None, str | None, bool]]:
        wanted = MessageFilter(direction=Direction.OUT, since=datetime(2026, 1, 1, tzinfo=UTC))
        with app.store.reading() as session:
            found = list_messages(session, wanted)
            return [(message.modem, message.recipient, is_test_text(message.text)) for message in found]

    with closing(app.redis), closing(app.reading_redis), part.worker(app, name="1"):
        found = eventually("the message", queued)

    assert [("telkomsel-1", NUMBER, True)] == found
