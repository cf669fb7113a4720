"""Calls over TCP through the FastAGI server with a real Redis: what the dialplan, the pool and the stream get."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from agi_scripts.server import AgiServer, serve
from agi_scripts.services import open_desk
from ivr.desk import Desk
from redis_queue.connection import connect
from redis_queue.operators import Claimed
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from siaga112.settings import Settings
from tests.support.agi_city import CALL_ID, agi_city, told
from tests.support.fake_asterisk import FakeAsterisk, Words, call
from tests.support.pool import NODE, checked_pool, profile, staff, states
from tests.support.redis_server import RedisServer
from tickets.vocabulary import CallFactKind


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
    assert caller.commands[-1][-1].endswith(",SIAGA112_DONE=1")
    assert states(pool) == {"1001": OperatorState.RESERVED}
    arrived, chosen, routed = told(redis_client, 3)
    assert [arrived.kind, chosen.kind, routed.kind] == [CallFactKind.ARRIVED, CallFactKind.CHOSEN, CallFactKind.ROUTED]
    assert (arrived.call_id, arrived.caller, arrived.trunk, arrived.did) == (
        CALL_ID,
        "+6281234567890",
        "telkom-a",
        "112",
    )
    assert (routed.category, routed.operator) == ("lampu", "1001")


def test_what_the_dialplan_says_with_the_script_is_not_asked_for(server: AgiServer, redis_client: Redis) -> None:
    """The number of the try, the trunk and the dialled number are arguments where the dialplan is ours."""
    said = {"agi_arg_1": "0", "agi_arg_2": "telkom-b", "agi_arg_3": "119"}
    caller = call(server.address, changes=said, variables={"SIAGA112_TRUNK": "telkom-a"})
    caller.finish()

    assert [] == [words for words in caller.commands if words[:2] == ["GET", "VARIABLE"]]
    assert [("telkom-b", "119")] == [(fact.trunk, fact.did) for fact in told(redis_client, 1)]


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
    assert pool.claim(CALL_ID, language="id", category="lampu", priority=3, node=NODE) == Claimed("1001")
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


def test_a_caller_of_the_fallback_is_before_those_who_came_later(server: AgiServer, pool: OperatorPool) -> None:
    """Asked again by the dialplan: the place in line is that of the call's own beginning."""
    pool.answered("1001", "other-call")
    came = datetime(2026, 11, 22, 7, 0, 0, 250000, tzinfo=UTC)
    pool.wait("later-call", priority=1, language="id", category="", node=NODE)
    before = {"SIAGA112_TRY": "1", "SIAGA112_FALLBACK": "1", "SIAGA112_START": "1795330800.250000"}

    caller = call(server.address, variables=before)
    caller.wait_for("EXEC", "StartMusicOnHold")
    first, second = pool.waiting()
    pool.ended("other-call")
    caller.finish()

    assert (CALL_ID, came, "later-call") == (first.call_id, first.arrived, second.call_id)
    assert "PJSIP/1001" == caller.variables["SIAGA112_ROUTE"]


def test_nobody_is_left_to_try(server: AgiServer, pool: OperatorPool) -> None:
    """The only operator did not answer: the fallback, which is meant, not a wait for the same one."""
    before = {"SIAGA112_TRY": "1", "SIAGA112_DIALSTATUS": "NOANSWER", "SIAGA112_OPERATOR": "1001"}

    caller = call(server.address, variables={**before, "SIAGA112_TRIED": "1001"})
    caller.finish()

    assert ("1", None) == (caller.variables["SIAGA112_DONE"], caller.variables.get("SIAGA112_ROUTE"))


def test_who_waits_is_connected_when_an_operator_is_freed(server: AgiServer, pool: OperatorPool) -> None:
    """All busy: told so as music on hold, which ends for the route as soon as somebody is free."""
    pool.answered("1001", "other-call")
    caller = call(server.address, keys={"greeting": "1"})
    caller.wait_for("EXEC", "StartMusicOnHold")
    pool.ended("other-call")
    caller.finish()

    (busy,) = [words[2] for words in caller.commands if words[:2] == ["EXEC", "StartMusicOnHold"]]
    assert caller.played() == ["greeting"]
    assert busy.endswith("-id-busy")
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
        kinds = [fact.kind for fact in told(client, 2)]

    assert kinds == [CallFactKind.ARRIVED, CallFactKind.CHOSEN]


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
    assert told(redis_client, 1)[0].caller == evil.strip().strip('"<>').strip()


@pytest.mark.parametrize("withheld", ["", "unknown", "anonymous", "<unknown>"])
def test_a_caller_without_a_number_is_served(
    server: AgiServer, pool: OperatorPool, redis_client: Redis, withheld: str
) -> None:
    """No number, no SIM: an operator all the same."""
    caller = call(server.address, keys={"greeting": "1"}, changes={"agi_callerid": withheld})
    caller.finish()

    assert caller.variables["SIAGA112_DONE"] == "1"
    assert told(redis_client, 1)[0].caller is None


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
