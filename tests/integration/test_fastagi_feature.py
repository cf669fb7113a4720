"""Feature codes over TCP through the FastAGI server with a real Redis: what the phone hears, what the dialplan gets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from agi_scripts.server import AgiServer, serve
from agi_scripts.services import open_desk
from redis_queue.callbacks import CallbackLine
from redis_queue.last_calls import LastCalls
from redis_queue.names import CALL_STREAM
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from siaga112.settings import Operator, Settings
from tests.support.agi_city import CALL_ID, agi_city, told
from tests.support.fake_asterisk import FakeAsterisk, call
from tests.support.pool import checked_pool, profile, staff, states, talk
from tests.support.redis_server import RedisServer
from tickets.vocabulary import CallFactKind, Mark


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    """The city, and who may listen there."""
    small = agi_city(tmp_path, redis_server.url)
    return small.model_copy(update={"operators": (Operator(extension="1009", supervisor=True),)})


@pytest.fixture
def pool(redis_client: Redis) -> OperatorPool:
    """One operator, on duty and free."""
    found = checked_pool(redis_client)
    staff(found, profile("1001"))
    return found


@pytest.fixture
def server(settings: Settings, pool: OperatorPool) -> Iterator[AgiServer]:
    """The server as the program runs it."""
    with open_desk(settings) as desk, serve(desk) as running:
        yield running


def dial(server: AgiServer, feature: str, uniqueid: str = CALL_ID, **variables: str) -> FakeAsterisk:
    """1001, or another phone, dials a code; returns when the script has ended."""
    known = {"SIAGA112_FEATURE": feature, "SIAGA112_PHONE": "1001", **variables}
    phone = call(server.address, script="feature", variables=known, changes={"agi_uniqueid": uniqueid})
    phone.finish()
    return phone


def test_a_code_is_done_said_and_marked(server: AgiServer, pool: OperatorPool) -> None:
    """The mark that it is meant comes last; the dialplan has nothing more to do."""
    phone = dial(server, "pause")

    assert ["paused"] == phone.played()
    assert {"1001": OperatorState.PAUSED} == states(pool)
    assert "" == phone.variables["SIAGA112_NEXT"]
    assert ["SET", "VARIABLE", "SIAGA112_DONE", "1"] == phone.commands[-1]


def test_whom_to_call_back_is_left_for_every_kind_of_trunk(server: AgiServer, redis_client: Redis) -> None:
    """The number as the list has it, and as each number_format wants it."""
    CallbackLine(redis_client).add("+628123456789", datetime(2026, 5, 1, tzinfo=UTC))
    phone = dial(server, "callback")

    assert ["calling-back"] == phone.played()
    assert {
        "SIAGA112_NEXT": "call",
        "SIAGA112_CALLBACK": "+628123456789",
        "SIAGA112_TO_E164": "628123456789",
        "SIAGA112_TO_PLUS62": "+628123456789",
        "SIAGA112_TO_LOCAL": "08123456789",
    }.items() <= phone.variables.items()


def test_a_mark_goes_into_the_stream(server: AgiServer, redis_client: Redis) -> None:
    """The worker writes it; the script knows no database."""
    LastCalls(redis_client).keep("1001", "1718000000.12")
    phone = dial(server, "ghost")
    (fact,) = told(redis_client, 1)

    assert ["marked-ghost"] == phone.played()
    assert ("1718000000.12", CallFactKind.MARKED, Mark.GHOST, "operator:1001") == (
        fact.call_id,
        fact.kind,
        fact.mark,
        fact.actor,
    )


def test_a_missing_prompt_is_a_tone(server: AgiServer, settings: Settings, pool: OperatorPool) -> None:
    """And the code is done."""
    for sound in settings.prompts_dir.rglob("paused.wav"):
        sound.unlink()
    for sound in (settings.site.state_dir / "prompts").rglob("paused.wav"):
        sound.unlink()
    phone = dial(server, "pause")

    assert [] == phone.played()
    assert ["EXEC", "Playtones"] in [command[:2] for command in phone.commands]
    assert {"1001": OperatorState.PAUSED} == states(pool)


@pytest.mark.parametrize(("node", "follows"), [("kota-1", "listen"), ("kota-2", "")])
def test_a_supervisor_listens_on_the_machine_that_has_the_call(
    server: AgiServer, pool: OperatorPool, redis_client: Redis, node: str, follows: str
) -> None:
    """Where the phone dialled is told by its channel; elsewhere the phone hears that it cannot be."""
    LastCalls(redis_client).keep("1001", f"kota-1-{CALL_ID}")
    talk(pool, "1001", f"kota-1-{CALL_ID}")
    phone = dial(server, "listen", f"{node}-1718000000.99", SIAGA112_PHONE="1009", SIAGA112_TARGET="1001")

    assert follows == phone.variables["SIAGA112_NEXT"]
    assert (follows == "") == (["EXEC", "Playtones", "congestion"] in phone.commands)
    assert (follows == "listen") == bool(redis_client.xlen(CALL_STREAM))


@pytest.mark.parametrize("feature", ["", "reboot", "call"])
def test_an_unknown_feature_is_not_done(server: AgiServer, feature: str) -> None:
    """Without the mark the dialplan plays its own tone."""
    phone = dial(server, feature)

    assert "SIAGA112_DONE" not in phone.variables


def test_what_was_told_to_be_not_done_is_not_done_later(
    server: AgiServer, redis_server: RedisServer, pool: OperatorPool
) -> None:
    """Redis stands still and goes on when the phone has heard the tone."""
    dial(server, "resume")  # from now on the server has a connection by which a word can lie in wait
    redis_server.freeze()
    phone = dial(server, "pause")
    redis_server.thaw()

    assert "SIAGA112_DONE" not in phone.variables
    assert [{"1001": OperatorState.AVAILABLE}] * 2 == [states(pool), states(pool)]


def test_without_redis_nothing_is_done_and_nothing_said(server: AgiServer, redis_server: RedisServer) -> None:
    """An operator must not believe to be on duty; the log has one line of it."""
    redis_server.kill()
    with capture_logs() as said:
        phone = dial(server, "login")

    assert [] == phone.played()
    assert "SIAGA112_DONE" not in phone.variables
    (line,) = [line for line in said if line["log_level"] == "error"]
    assert ("feature.not_done", "login", "1001") == (line["event"], line["feature"], line["operator"])
    assert "exc_info" not in line
