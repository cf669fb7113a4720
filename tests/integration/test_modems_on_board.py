"""Whether a line's state is still true: only while somebody looks after the line."""

import socket
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from siaga112.app import App
from siaga112.parts.modems import modems
from siaga112.parts.web import web
from siaga112.settings import load
from sms_gateway import health_board, twilio
from sms_gateway.health_board import HealthBoard
from sms_gateway.twilio.api import TwilioApi
from sms_gateway.twilio.line import TwilioLine
from tests.support.eventual import eventually
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer
from tests.support.twilio_city import CITIZEN, PUBLIC_URL, settings_of
from tickets.database.store import Store
from tickets.messages.outbox import OutgoingMessage, queue_outgoing

NOBODY = ("down", "nobody looks after it: does `siaga112 modems serve` run?")


def shown(redis: Redis) -> tuple[str, str]:
    """State and reason of the one modem, as listings show them."""
    view = HealthBoard(redis).read("uji")
    return view.state, view.reason


@pytest.fixture
def app(redis_server: RedisServer, tmp_path: Path) -> App:
    """A city with a simulated modem."""
    config = tmp_path / "siaga112.toml"
    config.write_text(
        f'[site]\nstate_dir = "state"\n\n[redis]\nurl = "{redis_server.url}"\n\n'
        '[[modems]]\nname = "uji"\nport = "simulator"\n'
    )
    return App(load(config, {}))


def test_part_that_was_killed_leaves_no_modem_up(redis_client: Redis) -> None:
    """What was found last counts for seconds only once nobody says any more that the modem is looked after."""
    HealthBoard(redis_client).show(ModemHealth("uji", ModemState.UP, ""))
    key = f"{health_board.SERVED_KEY}uji"

    assert ("up", "") == shown(redis_client)
    assert 0 < redis_client.pttl(key) <= health_board.SERVED_S * 1000
    redis_client.pexpire(key, 1)
    eventually("the end of its time", lambda: not redis_client.exists(key))
    assert NOBODY == shown(redis_client)


def test_part_says_that_it_looks_after_them_and_when_it_ends(app: App, redis_client: Redis) -> None:
    """A modem that has long had no look stays what it was while the part runs; at the part's end at once no more."""
    key = f"{health_board.SERVED_KEY}uji"
    with Store.open(f"sqlite:///{app.paths.database}") as store:
        app.paths.make_state_dir()
        store.upgrade()
    with modems(app):
        eventually("the first look", lambda: shown(redis_client) == ("up", ""))
        redis_client.delete(key)
        eventually("its next word", lambda: shown(redis_client) == ("up", ""))
    app.redis.close()

    assert NOBODY == shown(redis_client)


class EndlessSender:
    """Has always one more to send."""

    def send_next(self) -> bool:
        """One message."""
        return not Event().wait(0.01)


def test_twilio_that_never_ends_sending_is_shown(redis_client: Redis) -> None:
    """What was found is said between two messages too, however many wait."""
    board = HealthBoard(redis_client)
    sender: Any = EndlessSender()
    with TwilioLine(sender, board):
        for _ in range(2):
            eventually("its state", lambda: board.read(twilio.LINE).works)
            redis_client.delete(health_board.KEY + twilio.LINE)


def post_of(server: socket.socket) -> list[socket.socket]:
    """The connections that came until one that posts a message; none is answered."""
    found: list[socket.socket] = []
    while not found or not found[-1].recv(65536).startswith(b"POST"):
        connection, _ = server.accept()
        connection.settimeout(60)
        found.append(connection)
    return found


def test_twilio_that_takes_long_to_answer_is_looked_after(
    redis_server: RedisServer, redis_client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one request waits the line stays what it was; when the part has ended nobody looks after it."""
    monkeypatch.setattr("siaga112.parts.web.TwilioApi", partial(TwilioApi, timeout_s=600.0))
    board = HealthBoard(redis_client)
    board.show(ModemHealth(twilio.LINE, ModemState.UP, ""))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        app = App(
            settings_of(
                tmp_path,
                web={"public_url": PUBLIC_URL, "port": free_port()},
                redis={"url": redis_server.url},
                twilio={"api_base": f"http://127.0.0.1:{server.getsockname()[1]}"},
            )
        )
        app.paths.make_state_dir()
        app.store.upgrade()
        with app.store.transaction() as session:
            out = OutgoingMessage(modem=twilio.LINE, to=CITIZEN, text="Diterima.", at=datetime.now(UTC))
            queue_outgoing(session, out)
        with web(app):
            connections = post_of(server)
            redis_client.delete(health_board.SERVED_KEY + twilio.LINE)
            eventually("the next word", lambda: board.read(twilio.LINE).works)
            server.close()
            for connection in connections:
                connection.close()
    app.redis.close()

    assert not redis_client.exists(health_board.SERVED_KEY + twilio.LINE)
