"""Whether a modem's state is still true: only while somebody looks after the modem."""

from pathlib import Path

import pytest
from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from siaga112.app import App
from siaga112.parts.modems import modems
from siaga112.settings import load
from sms_gateway import health_board
from sms_gateway.health_board import HealthBoard
from tests.support.redis_server import RedisServer
from tests.support.sms_city import eventually
from tickets.database.store import Store

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
