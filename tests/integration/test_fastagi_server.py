"""Calls over TCP through the FastAGI server with a real Redis, and all that must not hurt them."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis

from agi_scripts import server as agi_server
from agi_scripts.channel import Channel
from agi_scripts.scripts import SCRIPTS
from agi_scripts.server import AgiServer, ListenError, serve
from agi_scripts.services import open_desk
from ivr.desk import Desk
from redis_queue.connection import connect
from redis_queue.names import CALL_STREAM
from redis_queue.operators import Claimed
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from siaga112.settings import Settings
from tests.support.call_desk import city
from tests.support.fake_asterisk import FakeAsterisk, Words, call, environment
from tests.support.pool import checked_pool, profile, staff, states
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer
from tests.support.sounds import write_prompts, write_wav
from tickets.facts import CallFact
from tickets.vocabulary import CallFactKind

CALL_ID = "1718000000.12"


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    """A small city with prompts of 0.1 s and a free port."""
    extra = f'[redis]\nurl = "{redis_server.url}"\n[asterisk]\nagi_port = {free_port()}\n'
    small = city(extra)
    here = small.model_copy(update={"site": small.site.model_copy(update={"state_dir": tmp_path})})
    write_prompts(here)
    return here


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


def facts(redis: Redis, count: int) -> list[CallFact]:
    """The first `count` facts in the stream; waits for them."""
    found: list[tuple[str, dict[str, str]]] = []
    deadline = time.monotonic() + 30
    while len(found) < count:
        assert time.monotonic() < deadline, f"{count} facts were expected, {len(found)} came"
        last = found[-1][0] if found else "0"
        answer = cast("list[Any]", redis.xread({CALL_STREAM: last}, block=400))
        found += answer[0][1] if answer else []
    return [CallFact.from_fields(fields) for _, fields in found]


def replying(reply: bytes, prompt: str) -> Callable[[Words], bytes | None]:
    """Answer so when that prompt is played, and else as Asterisk does."""
    return lambda words: reply if words[:2] == ["STREAM", "FILE"] and words[2].endswith(f"/{prompt}") else b""


def test_a_call_reaches_an_operator(server: AgiServer, pool: OperatorPool, redis_client: Redis) -> None:
    """Menu, key, claim, route: the dialplan gets all it needs, and the mark last of all."""
    caller = call(server.address, keys={"category-lampu": "2"}, variables={"SIAGA112_TRUNK": "telkom-a"})
    caller.finish()
    expected = {
        "SIAGA112_OPERATOR": "1001",
        "SIAGA112_ROUTE": "PJSIP/1001",
        "SIAGA112_RING": "15",
        "SIAGA112_LABEL": "Lampu jalan",
        "SIAGA112_CATEGORY": "lampu",
        "SIAGA112_LANGUAGE": "id",
        "SIAGA112_PRIORITY": "3",
        "SIAGA112_TRIED": "1001",
        "SIAGA112_DONE": "1",
        "SIAGA112_TRUNK": "telkom-a",
    }

    assert caller.variables | expected == caller.variables
    assert caller.commands[-1] == ["SET", "VARIABLE", "SIAGA112_DONE", "1"]
    assert states(pool) == {"1001": OperatorState.RESERVED}
    arrived, chosen, routed = facts(redis_client, 3)
    assert [arrived.kind, chosen.kind, routed.kind] == [CallFactKind.ARRIVED, CallFactKind.CHOSEN, CallFactKind.ROUTED]
    assert (arrived.call_id, arrived.caller, arrived.trunk, arrived.did) == (
        CALL_ID,
        "+6281234567890",
        "telkom-a",
        "112",
    )
    assert (routed.category, routed.operator) == ("lampu", "1001")


def test_the_dead_man_timer_is_renewed_before_every_step(server: AgiServer, pool: OperatorPool) -> None:
    """Each command that plays or waits comes right after a renewal of at least 4 s."""
    caller = call(server.address)
    caller.finish()
    steps = [number for number, words in enumerate(caller.commands) if words[0] in {"STREAM", "WAIT"}]
    before = [caller.commands[number - 1] for number in steps]

    assert len(before) == 8
    assert all(words[:3] == ["SET", "VARIABLE", "TIMEOUT(absolute)"] and float(words[3]) >= 4.0 for words in before)


def test_a_later_try_reaches_the_next_operator(server: AgiServer, pool: OperatorPool) -> None:
    """The failed claim is given back, the tried are passed over, no menu is heard again."""
    staff(pool, profile("1001"), profile("1002"))
    assert pool.claim(CALL_ID, language="id", category="lampu", priority=3) == Claimed("1001")
    before = {
        "SIAGA112_TRY": "1",
        "SIAGA112_DIALSTATUS": "BUSY",
        "SIAGA112_OPERATOR": "1001",
        "SIAGA112_TRIED": "1001",
        "SIAGA112_CATEGORY": "lampu",
        "SIAGA112_PRIORITY": "3",
        "SIAGA112_LANGUAGE": "id",
    }

    caller = call(server.address, variables=before)
    caller.finish()

    assert caller.played() == []
    assert (caller.variables["SIAGA112_ROUTE"], caller.variables["SIAGA112_TRIED"]) == ("PJSIP/1002", "1001-1002")
    assert states(pool) == {"1001": OperatorState.OFFLINE, "1002": OperatorState.RESERVED}


def test_nobody_is_left_to_try(server: AgiServer, pool: OperatorPool) -> None:
    """The only operator did not answer: the fallback, not a wait for the same one."""
    before = {"SIAGA112_TRY": "1", "SIAGA112_DIALSTATUS": "NOANSWER", "SIAGA112_OPERATOR": "1001"}

    caller = call(server.address, variables={**before, "SIAGA112_TRIED": "1001"})
    caller.finish()

    assert "SIAGA112_DONE" not in caller.variables


def test_who_waits_is_connected_when_an_operator_is_freed(server: AgiServer, pool: OperatorPool) -> None:
    """All busy: told so, music, and the route as soon as somebody is free."""
    pool.answered("1001", "other-call")
    caller = call(server.address, keys={"greeting": "1"})
    caller.wait_for("EXEC", "StartMusicOnHold")
    pool.ended("other-call")
    caller.finish()

    assert caller.played() == ["greeting", "busy"]
    assert caller.variables["SIAGA112_ROUTE"] == "PJSIP/1001"
    assert ["EXEC", "StopMusicOnHold", ""] in caller.commands


@pytest.mark.parametrize("how", [FakeAsterisk.hang_up, FakeAsterisk.drop], ids=["HANGUP", "AGIEXITONHANGUP"])
def test_who_hangs_up_while_waiting_leaves_the_line(
    server: AgiServer, pool: OperatorPool, how: Callable[[FakeAsterisk], None]
) -> None:
    """Nobody is reserved for a caller who is gone."""
    pool.answered("1001", "other-call")
    caller = call(server.address, keys={"greeting": "1"})
    caller.wait_for("EXEC", "StartMusicOnHold")
    how(caller)
    caller.finish()
    server.close()
    pool.ended("other-call")

    assert pool.waiting() == []
    assert states(pool) == {"1001": OperatorState.AVAILABLE}


def test_a_hangup_in_the_menu_ends_quietly(server: AgiServer, pool: OperatorPool) -> None:
    """The caller is gone in the second piece: no claim, no mark."""
    caller = call(server.address, answer=replying(b"200 result=-1 endpos=0\nHANGUP\n", "site"))
    caller.finish()

    assert "SIAGA112_DONE" not in caller.variables
    assert states(pool) == {"1001": OperatorState.AVAILABLE}


def test_a_missing_prompt_costs_nobody_the_call(server: AgiServer, settings: Settings, pool: OperatorPool) -> None:
    """A file that is not there, or that Asterisk cannot play, is passed over."""
    (settings.site.state_dir / "prompts/id/greeting.wav").unlink()
    (settings.site.state_dir / "prompts/en/greeting.wav").unlink()
    caller = call(server.address, keys={"notice": "1"}, answer=replying(b"200 result=-1 endpos=0\n", "site"))
    caller.finish()

    assert caller.played() == ["site", "notice"]
    assert caller.variables["SIAGA112_ROUTE"] == "PJSIP/1001"


OUTAGES: dict[str, Callable[[RedisServer], None]] = {"killed": RedisServer.kill, "frozen": RedisServer.freeze}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES.keys())
def test_without_redis_the_dialplan_goes_on(
    server: AgiServer, redis_server: RedisServer, outage: Callable[[RedisServer], None]
) -> None:
    """Redis dead or frozen when the call comes: menu, then no mark; nothing waits for Redis."""
    outage(redis_server)
    caller = call(server.address, keys={"greeting": "1"})
    caller.finish()

    assert caller.played() == ["greeting"]
    assert caller.status == "SUCCESS"
    assert "SIAGA112_DONE" not in caller.variables


def test_redis_that_dies_under_a_waiting_caller_sends_them_on(
    server: AgiServer, pool: OperatorPool, redis_server: RedisServer
) -> None:
    """The next look at the pool ends the wait."""
    pool.answered("1001", "other-call")
    caller = call(server.address, keys={"greeting": "1"})
    caller.wait_for("EXEC", "StartMusicOnHold")
    redis_server.kill()
    caller.finish()

    assert "SIAGA112_DONE" not in caller.variables


def test_facts_of_an_outage_are_sent_when_redis_is_back(server: AgiServer, redis_server: RedisServer) -> None:
    """A call that came while Redis was away is told of later."""
    redis_server.kill()
    call(server.address, keys={"greeting": "1"}).finish()
    redis_server.start()
    with connect(redis_server.url) as client:
        kinds = [fact.kind for fact in facts(client, 2)]

    assert kinds == [CallFactKind.ARRIVED, CallFactKind.CHOSEN]


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
        if words[:2] == ["STREAM", "FILE"] and words[2].endswith("/greeting"):
            in_menu.set()
            go_on.wait(60)
        return b""

    with serve(desk) as server:
        waiting = call(server.address, keys={"greeting": "1"})
        waiting.wait_for("EXEC", "StartMusicOnHold")
        pool.set_roster([profile("1001"), profile("1002")])
        pool.set_reachable("1002", False)
        hearing = call(server.address, changes={"agi_uniqueid": "1718000000.13"}, answer=answer, keys={"greeting": "1"})
        assert in_menu.wait(60)
        stopping = threading.Thread(target=server.close)
        stopping.start()
        waiting.finish()
        while pool.waiting():  # its script lets the dialplan go on first, then it leaves the line
            continue
        pool.set_reachable("1002", True)
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


EVIL = [
    '"; EXEC System "touch /tmp/x',
    "${SHELL(touch /tmp/x)}",
    "a\\",
    'x" "y',
    "Status will follow",
    "511 dead",
    "HANGUP",
    "200 result=1 (1)",
    "ÿþ\u202e\u0007",
    "PJSIP/9999&Local/s@siaga112-fallback",
]


@pytest.mark.parametrize("evil", EVIL)
def test_what_a_caller_sends_is_never_part_of_a_command(
    server: AgiServer, pool: OperatorPool, redis_client: Redis, evil: str
) -> None:
    """Number, name and dialled digits are data: no command holds them, the fact holds the number as it came."""
    changes = {"agi_callerid": evil, "agi_calleridname": evil, "agi_dnid": evil, "agi_rdnis": evil}
    caller = call(server.address, keys={"greeting": "1"}, changes=changes)
    caller.finish()

    assert caller.variables["SIAGA112_ROUTE"] == "PJSIP/1001"
    assert not [words for words in caller.commands if any(evil in word for word in words)]
    assert facts(redis_client, 1)[0].caller == evil.strip().strip('"<>').strip()


@pytest.mark.parametrize("withheld", ["", "unknown", "anonymous", "<unknown>"])
def test_a_caller_without_a_number_is_served(
    server: AgiServer, pool: OperatorPool, redis_client: Redis, withheld: str
) -> None:
    """No number, no SIM: an operator all the same."""
    caller = call(server.address, keys={"greeting": "1"}, changes={"agi_callerid": withheld})
    caller.finish()

    assert caller.variables["SIAGA112_DONE"] == "1"
    assert facts(redis_client, 1)[0].caller is None


def test_fifty_callers_at_once_get_each_their_own_operator(desk: Desk, pool: OperatorPool) -> None:
    """One operator, one call, whatever comes at the same time."""
    staff(pool, *(profile(str(extension)) for extension in range(1001, 1051)))
    with serve(desk) as server:
        callers = [
            call(server.address, keys={"greeting": "1"}, changes={"agi_uniqueid": f"1718000000.{number}"})
            for number in range(50)
        ]
        for caller in callers:
            caller.finish()

    assert len({caller.variables["SIAGA112_ROUTE"] for caller in callers}) == 50


# -- the same script as a classic AGI


def classic(name: str, config: Path, theirs: socket.socket) -> "subprocess.Popen[bytes]":
    """`siaga112-agi NAME` as Asterisk starts it: the AGI on standard input and output."""
    command = [sys.executable, "-c", "from agi_scripts.classic import main; main()", name]
    environ = {**os.environ, "SIAGA112_CONFIG": str(config), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.PIPE, env=environ)


@pytest.fixture
def config(tmp_path: Path, settings: Settings, redis_server: RedisServer) -> Path:
    """The same city as a file."""
    file = tmp_path / "siaga112.toml"
    file.write_text(
        f'[redis]\nurl = "{redis_server.url}"\n[site]\nstate_dir = "{tmp_path}"\n[[agencies]]\ncode = "damkar"\n'
        '[[categories]]\ncode = "kebakaran"\nname = { id = "Kebakaran" }\ndigit = 1\nagencies = ["damkar"]\n'
    )
    return file


def test_a_script_runs_as_a_classic_agi(config: Path, pool: OperatorPool) -> None:
    """The same call, the same variables; a SIGHUP, which Asterisk sends too, does not end it half-way."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("call", config, theirs)
    caller = FakeAsterisk(ours, keys={"notice": "1"})
    caller.wait_for("STREAM", "FILE")
    process.send_signal(signal.SIGHUP)
    caller.finish()
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 0, errors.decode()
    assert caller.variables["SIAGA112_ROUTE"] == "PJSIP/1001"
    assert b"081234567890" not in errors


def test_a_classic_agi_of_no_name_is_a_failure(config: Path) -> None:
    """Wrong use: said on standard error, exit status 2, and FAILURE for the dialplan."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("nonsense", config, theirs)
    caller = FakeAsterisk(ours)
    _, errors = process.communicate(timeout=20)
    caller.finish()

    assert (process.returncode, caller.status) == (2, "FAILURE")
    assert errors == b"usage: siaga112-agi call\n"


def test_a_classic_agi_without_configuration_is_a_failure(tmp_path: Path) -> None:
    """A mistyped path: one line, exit status 2, and the dialplan goes on."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = classic("call", tmp_path / "none.toml", theirs)
    caller = FakeAsterisk(ours)
    _, errors = process.communicate(timeout=20)
    caller.finish()

    assert (process.returncode, caller.status) == (2, "FAILURE")
    assert errors.count(b"\n") == 1
    assert b"none.toml" in errors
