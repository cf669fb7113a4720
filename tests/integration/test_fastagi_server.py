"""The FastAGI server: what one connection does hurts no other, and how it ends."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis

from agi_scripts import server as agi_server
from agi_scripts.channel import Channel
from agi_scripts.scripts import SCRIPTS
from agi_scripts.server import AgiServer, ListenError, serve
from agi_scripts.services import open_desk
from ivr.desk import Desk
from redis_queue.pool import OperatorPool
from siaga112.settings import Settings
from tests.support.agi_city import agi_city
from tests.support.eventual import eventually
from tests.support.fake_asterisk import Words, call, environment
from tests.support.pool import NODE, checked_pool, profile, staff
from tests.support.redis_server import RedisServer
from tests.support.sounds import write_wav


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    """The city."""
    return agi_city(tmp_path, redis_server.url)


@pytest.fixture
def pool(redis_client: Redis) -> OperatorPool:
    """One operator, on duty and free."""
    found = checked_pool(redis_client)
    staff(found, profile("1001"))
    return found


@pytest.fixture
def desk(settings: Settings, pool: OperatorPool) -> Iterator[Desk]:
    """The desk as the program opens it."""
    with open_desk(settings) as opened:
        yield opened


@pytest.fixture
def server(desk: Desk) -> Iterator[AgiServer]:
    """The server as the program runs it."""
    with serve(desk) as running:
        yield running


def test_an_unknown_script_is_a_failure(server: AgiServer) -> None:
    """AGISTATUS says FAILURE, so a mistyped path is seen."""
    caller = call(server.address, script="no/such")
    caller.finish()

    assert caller.status == "FAILURE"
    assert caller.commands == []


def test_a_fault_of_a_script_ends_its_call_only(desk: Desk) -> None:
    """An exception closes the connection without the mark; the next call is served."""

    def faulty(channel: Channel, desk: Desk) -> None:
        raise ZeroDivisionError("a fault")

    with serve(desk, {**SCRIPTS, "faulty": faulty}) as server:
        failed = call(server.address, script="faulty")
        failed.finish()
        served = call(server.address, keys={"greeting": "1"})
        served.finish()

    assert (failed.status, failed.variables) == ("SUCCESS", {})
    assert served.variables["SIAGA112_DONE"] == "1"


NO_CALLS = {
    "connect and close": b"",
    "half a line": b"agi_netw",
    "half an environment": environment()[:200],
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303"),
    "no end": b"agi_x: y\n" * 10_000,
}


@pytest.mark.parametrize("sent", NO_CALLS.values(), ids=NO_CALLS.keys())
def test_what_is_no_call_hurts_nobody(server: AgiServer, pool: OperatorPool, sent: bytes) -> None:
    """Probes and port scans, a hundred at once and some of them slow: a call in between is served."""
    strangers = [socket.create_connection(server.address) for _ in range(100)]
    try:
        for stranger in strangers:
            stranger.sendall(sent)
        for stranger in strangers[::2]:
            stranger.close()
        caller = call(server.address, keys={"greeting": "1"})
        caller.finish()
    finally:
        for stranger in strangers:
            stranger.close()

    assert caller.variables["SIAGA112_DONE"] == "1"


def test_half_open_connections_starve_nobody(server: AgiServer, pool: OperatorPool) -> None:
    """Five hundred that connect and say nothing, or half of what a call says: the next call is served meanwhile."""
    with ExitStack() as strangers:
        for number in range(500):
            stranger = strangers.enter_context(socket.create_connection(server.address))
            stranger.sendall(environment()[:-1] if number % 2 else b"")
        caller = call(server.address, keys={"greeting": "1"})
        caller.finish()

    assert caller.variables["SIAGA112_DONE"] == "1"


def test_a_full_server_refuses_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call too many goes to the fallback instead of making all of them slow."""
    monkeypatch.setattr(agi_server, "MOST_CALLS", 1)
    entered, leave = threading.Event(), threading.Event()

    def slow(channel: Channel, desk: Desk) -> None:
        entered.set()
        leave.wait(60)

    with serve(desk, {"slow": slow}) as server:
        first = call(server.address, script="slow")
        assert entered.wait(60)
        second = call(server.address, script="slow")
        second.finish()
        leave.set()
        first.finish()

    assert (second.commands, second.variables) == ([], {})


def test_a_server_that_stops_lets_calls_end(desk: Desk, settings: Settings, pool: OperatorPool) -> None:
    """No new call; who waits is handed to the fallback; who hears the menu is served to the end."""
    write_wav(settings.site.state_dir / "prompts/id/greeting.wav", 60.0)
    pool.answered("1001", "other-call")
    in_menu, go_on = threading.Event(), threading.Event()

    def answer(words: Words) -> bytes | None:
        if words[:2] == ["STREAM", "FILE"] and "/greeting-" in words[2]:  # it is played in pieces of 3 s
            in_menu.set()
            go_on.wait(2)
        return b""

    with serve(desk) as server:
        waiting = call(server.address, keys={"greeting": "1"})
        waiting.wait_for("EXEC", "StartMusicOnHold")
        pool.set_roster([profile("1001"), profile("1002")])
        pool.set_reachable("1002", False, node=NODE)
        hearing = call(server.address, changes={"agi_uniqueid": "1718000000.13"}, answer=answer, keys={"greeting": "1"})
        assert in_menu.wait(60)
        stopping = threading.Thread(target=server.close)
        stopping.start()
        waiting.finish()
        while pool.waiting():  # its script lets the dialplan go on first, then it leaves the line
            continue
        pool.set_reachable("1002", True, node=NODE)
        go_on.set()
        hearing.finish()
        stopping.join()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(server.address)

    assert "SIAGA112_DONE" not in waiting.variables
    assert hearing.variables["SIAGA112_ROUTE"] == "PJSIP/1002"


def test_a_call_that_does_not_end_is_cut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time to end, the connection is closed, so that the dialplan need not wait for its timer."""
    monkeypatch.setattr(agi_server, "CLOSE_SECONDS", 0.05)
    entered, leave = threading.Event(), threading.Event()

    def stuck(channel: Channel, desk: Desk) -> None:
        entered.set()
        leave.wait(60)

    with serve(desk, {"stuck": stuck}) as server:
        caller = call(server.address, script="stuck")
        assert entered.wait(60)
    caller.finish()
    leave.set()

    assert caller.variables == {}


def test_a_port_that_is_taken_is_said_in_one_line(desk: Desk) -> None:
    """What, where, and what to change."""
    with serve(desk) as server:
        with pytest.raises(ListenError) as refused, serve(desk):
            raise AssertionError("two servers on one port")

        assert f":{server.address[1]}: Address already in use" in str(refused.value)
        assert "agi_port" in str(refused.value)


def test_the_loop_that_accepts_shows_progress(server: AgiServer) -> None:
    """Whoever watches the part sees a server that accepts nobody any more."""
    seen = server.progress()

    eventually("the next turn", lambda: server.progress() > seen)
