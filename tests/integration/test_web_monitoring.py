"""What monitoring is told, in good times and in bad ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from console.application import make_application
from console.readiness import LAG_LIMIT_S, PartState, is_ready, look
from console.server import WebServer
from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.memories import MemoryUse
from redis_queue.backlog import Backlog, backlog
from redis_queue.fail_opens import FailOpenReason
from redis_queue.names import TWILIO_STREAM
from redis_queue.operators import OperatorProfile
from redis_queue.pool import OperatorPool
from redis_queue.probes import LATE
from redis_queue.recording_room import Room
from siaga112 import __version__
from sms_gateway.health_board import Notes
from tests.support.eventual import eventually
from tests.support.pool import stops_answering
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer
from tests.support.twilio_city import (
    CALL_PROBE,
    MESSAGE,
    MODEM,
    PROBED_EVERY,
    SMS_PROBE,
    TwilioCity,
    settings_of,
    sms,
)
from tickets.database.store import Store


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """One kind of database is enough here: what is asked of it is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'siaga112.db'}"


@pytest.fixture
def city(tmp_path: Path, store: Store, redis_client: Redis) -> Iterator[TwilioCity]:
    """A running web part, whose operators have a pool."""
    city = TwilioCity(settings_of(tmp_path), store, redis_client)
    city.services = replace(city.services, pool=OperatorPool(redis_client))
    with city:
        yield city


COUNT = "siaga112_http_request_seconds_count "


def all_well(city: TwilioCity) -> None:
    """Every part says that it works."""
    assert city.services.pool is not None
    city.services.pool.set_roster([OperatorProfile("1001", "Ani"), OperatorProfile("1002", "Budi")])
    city.services.pool.heartbeat("node", 60)
    city.board.show(ModemHealth(MODEM, ModemState.UP, "", signal_dbm=-71))
    city.twilio_is(ModemState.UP)


def readiness(city: TwilioCity) -> tuple[int, dict[str, str]]:
    """The status, and what is wrong with each part."""
    answer = city.client.get("/readyz")
    body: dict[str, Any] = answer.json()
    assert body["ready"] == (answer.status_code == 200)
    return answer.status_code, {part["name"]: part["problem"] for part in body["parts"]}


def figures(city: TwilioCity) -> dict[str, float]:
    """Every sample by its name and labels."""
    text = city.client.get("/metrics").text
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_all_well(city: TwilioCity) -> None:
    """200, and no part has a problem."""
    all_well(city)
    parts = dict.fromkeys(["database", "redis", "stream twilio", "switchboard", "operators"], "")
    parts |= {f"test {CALL_PROBE}": "", f"test {SMS_PROBE}": "", f"modem {MODEM}": "", "twilio": ""}

    assert (200, parts) == readiness(city)


def test_nobody_there(city: TwilioCity) -> None:
    """503, and each part that is not there is named with what to look at."""
    status, parts = readiness(city)

    assert (503, "", "") == (status, parts["database"], parts["redis"])
    assert "siaga112 switchboard" in parts["switchboard"]
    assert "siaga112 modems serve" in parts[f"modem {MODEM}"]
    assert "siaga112 web" in parts["twilio"]


def test_nobody_can_be_rung(city: TwilioCity) -> None:
    """A number that no configured way leads from to a human is not ready, however well all parts are."""
    city.services = replace(city.services, reaches_a_human=False)
    states = {state.name: state for state in look(city.services)}

    assert (False, True) == (states["operators"].ok, states["operators"].vital)
    assert states["operators"].problem.startswith("no call can reach anybody")


def test_modem_reason(city: TwilioCity) -> None:
    """A modem's trouble is said in its own words."""
    all_well(city)
    city.board.show(ModemHealth(MODEM, ModemState.PUK, "the SIM wants its PUK"))

    assert (503, "puk: the SIM wants its PUK") == (readiness(city)[0], readiness(city)[1][f"modem {MODEM}"])


MODEM_STATES = [
    ([], True),
    ([True], True),
    ([False], False),
    ([True, False], True),
    ([False, False], False),
]


@pytest.mark.parametrize(("modems", "expected"), MODEM_STATES)
def test_one_modem_is_enough(modems: list[bool], expected: bool) -> None:
    """One dead modem of several is for monitoring to tell, and no reason to call the city not ready."""
    states = [PartState("database", ok=True)]
    states += [PartState(f"modem {number}", ok, vital=False) for number, ok in enumerate(modems)]

    assert expected == is_ready(states)


def test_redis_away(city: TwilioCity, redis_server: RedisServer) -> None:
    """Alive, not ready, and still figures: those that the database has."""
    all_well(city)
    redis_server.kill()
    status, parts = readiness(city)
    found = figures(city)

    assert (503, "") == (status, parts["database"])
    assert all(parts[name] for name in ("redis", "stream twilio", "switchboard", f"modem {MODEM}"))
    assert (0, 1, 0) == (
        found["siaga112_up redis"],
        found["siaga112_up database"],
        found["siaga112_tickets sms"],
    )
    assert 200 == city.client.get("/healthz").status_code


def test_worker_away(city: TwilioCity, redis_client: Redis) -> None:
    """Entries that nobody takes for long are a problem, and what to start is named."""
    all_well(city)
    seconds, _ = redis_client.time()
    redis_client.xadd(TWILIO_STREAM, {"hook": "message"}, id=f"{int((seconds - LAG_LIMIT_S - 5) * 1000)}-0")
    status, parts = readiness(city)

    assert 503 == status
    assert parts["stream twilio"].startswith("1 entries wait, the oldest for 12")


def test_backlog(city: TwilioCity) -> None:
    """What waits, what is in hand and what was given up are told apart, before any consumer and after."""
    before = backlog(city.stream)
    for number in range(3):
        city.post(MESSAGE, sms(f"SM{number}", "Pohon tumbang"))
    waiting = backlog(city.stream)
    city.stream.ensure()
    entry = city.take()
    held = backlog(city.stream)
    city.stream.dead(entry, "no reason")
    dead = backlog(city.stream)

    assert Backlog(0, 0, 0, 0.0) == before
    assert [(3, 0, 0), (3, 1, 0), (2, 0, 1)] == [(b.length, b.pending, b.dead) for b in (waiting, held, dead)]
    assert 0 <= dead.oldest_s < LAG_LIMIT_S


def test_test_call_fails(city: TwilioCity) -> None:
    """A line that citizens' calls come by is not ready, in the words of who made the test; one that passes ends it."""
    all_well(city)
    notes, now = city.services.probe_notes, datetime.now(UTC)
    notes.passed(CALL_PROBE, now, 1.5)
    notes.failed(CALL_PROBE, now, "no script said where the call goes")
    failed, figures_then = readiness(city), figures(city)
    notes.passed(CALL_PROBE, now, 2.5)

    assert (503, "no script said where the call goes") == (failed[0], failed[1][f"test {CALL_PROBE}"])
    assert (0, now.timestamp()) == (
        figures_then[f"siaga112_probe_passed {CALL_PROBE}"],
        figures_then[f"siaga112_probe_passed_timestamp_seconds {CALL_PROBE}"],
    )
    assert (200, 1, 2.5) == (
        readiness(city)[0],
        figures(city)[f"siaga112_probe_passed {CALL_PROBE}"],
        figures(city)[f"siaga112_probe_seconds {CALL_PROBE}"],
    )


def test_test_message_fails(city: TwilioCity) -> None:
    """That is said, and no reason to call the city not ready: calls come, and other modems may carry messages."""
    all_well(city)
    city.services.probe_notes.failed(SMS_PROBE, datetime.now(UTC), "it has not come within 10 minutes")
    status, parts = readiness(city)

    assert (200, "it has not come within 10 minutes") == (status, parts[f"test {SMS_PROBE}"])


def test_nobody_makes_test_calls(city: TwilioCity) -> None:
    """A test that went well long ago says nothing of now."""
    all_well(city)
    city.services.probe_notes.passed(CALL_PROBE, datetime.now(UTC) - LATE * PROBED_EVERY, 1.5)
    status, parts = readiness(city)

    assert (503, True) == (status, parts[f"test {CALL_PROBE}"].startswith("none was made for 15 minutes"))


def test_modem_metrics(city: TwilioCity) -> None:
    """All that an alarm can be made of: what is wrong by name, signal, fill, credit, and when a message came last."""
    heard = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    health = ModemHealth(MODEM, ModemState.UP, "", signal_dbm=-97, memories=(MemoryUse("SM", 48, 50),))
    alarms = ("memory_high: 48 of 50 places in SM are taken", "credit_low: Rp 4000 are left")
    city.board.show(health, Notes(alarms, "Sisa pulsa Rp4.000", 4000, heard, heard))
    found = {name: value for name, value in figures(city).items() if name.startswith("siaga112_modem_")}

    assert found == {
        f"siaga112_modem_up {MODEM}": 1,
        f"siaga112_modem_alarm memory_high {MODEM}": 1,
        f"siaga112_modem_alarm credit_low {MODEM}": 1,
        f"siaga112_modem_signal_dbm {MODEM}": -97,
        f"siaga112_modem_stored {MODEM}": 48,
        f"siaga112_modem_capacity {MODEM}": 50,
        f"siaga112_modem_credit_rupiah {MODEM}": 4000,
        f"siaga112_modem_last_message_timestamp_seconds {MODEM}": heard.timestamp(),
    }


def test_metrics(city: TwilioCity) -> None:
    """Tickets, messages, streams, modems, operators, version and requests are there for Prometheus."""
    all_well(city)
    assert city.services.pool is not None
    stops_answering(city.services.pool, "1002")
    city.post(MESSAGE, sms("SM1", "LAPOR#kebakaran#Api besar"))
    city.work()
    city.services.fail_opens.count(FailOpenReason.TIMER)
    city.services.fail_opens.count(FailOpenReason.OVERFLOW)
    city.services.fail_opens.flush()
    city.services.recording_room.tell("alpha", Room(1 << 30, stopped=False))
    city.services.recording_room.tell("beta", Room(1 << 20, stopped=True))
    found = figures(city)

    assert {
        f"siaga112_build_info {__version__}": 1,
        "siaga112_tickets sms": 1,
        "siaga112_tickets call": 0,
        "siaga112_messages in handled": 1,
        "siaga112_messages out queued": 1,
        "siaga112_stream_length twilio": 0,
        "siaga112_stream_dead twilio": 0,
        f"siaga112_modem_up {MODEM}": 1,
        f"siaga112_modem_signal_dbm {MODEM}": -71,
        f"siaga112_modem_stored {MODEM}": 0,
        "siaga112_twilio_up": 1,
        "siaga112_operators offline": 1,
        "siaga112_operators paused": 1,
        "siaga112_operators_not_answering": 1,
        "siaga112_operators available": 0,
        "siaga112_callers_waiting": 0,
        "siaga112_switchboard_up": 1,
        "siaga112_calls_failed_open_total timer": 1,
        "siaga112_calls_failed_open_total script": 0,
        "siaga112_calls_handed_over_total overflow": 1,
        "siaga112_calls_handed_over_total handed": 0,
        "siaga112_callbacks_waiting": 0,
        "siaga112_recording_stopped alpha": 0,
        "siaga112_recording_stopped beta": 1,
        "siaga112_recording_free_bytes beta": 1 << 20,
        "siaga112_up database": 1,
        "siaga112_up redis": 1,
        f"siaga112_http_request_seconds_count POST {MESSAGE} 200": 1,
    }.items() <= found.items()


def test_strangers_make_no_series(city: TwilioCity) -> None:
    """Paths and methods that a stranger invents are counted under one name."""
    city.client.get("/wp-login.php?x=1")
    city.client.request("BREW", "/healthz")
    found = figures(city)

    assert {"GET none 404", "other /healthz 405"} == {
        name.removeprefix(COUNT) for name in found if name.startswith(COUNT)
    }


def test_openapi(city: TwilioCity) -> None:
    """The document names every path; no page of it asks the internet for scripts."""
    paths = city.client.get("/openapi.json").json()["paths"]

    assert {"/healthz", "/readyz", "/metrics", "/webhooks/twilio/message", "/webhooks/twilio/status"} == set(paths)
    assert [404, 404] == [city.client.get(path).status_code for path in ("/docs", "/redoc")]


def test_the_loop_that_serves_shows_progress(city: TwilioCity) -> None:
    """Whoever watches the part sees a server whose loop stands still."""
    with WebServer(make_application(city.services), "127.0.0.1", free_port()) as server:
        seen = server.progress()

        eventually("the next turn", lambda: server.progress() > seen)
