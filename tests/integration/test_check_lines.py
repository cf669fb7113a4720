"""What `check` says of the lines of a city that runs, from what its parts wrote down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from redis_queue.probes import LATE, ProbeNotes, sms_probe
from siaga112.checking import lines, modems
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, sound
from sms_gateway.health_board import HealthBoard, Notes
from tests.support.configuration import read
from tests.support.pool import profile, staff, stops_answering
from tests.support.redis_server import RedisServer

MODEM = "telkomsel-1"
CITY = """
[redis]
url = "{url}"

[monitoring]
sms_hours = 24

[[modems]]
name = "telkomsel-1"
port = "simulator"

[[operators]]
extension = "1001"
secret = "long-enough-1001"
"""


class Running(Surroundings):
    """A city whose `up` runs."""

    running = True


@pytest.fixture
def where(redis_server: RedisServer, redis_client: Redis) -> Running:
    """One with a modem, which writes to itself every day."""
    return Running(Path("siaga112.toml"), read(CITY.format(url=redis_server.url)))


def said(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    """What is wrong, and what to do about it."""
    return [(verdict.problem, verdict.mend) for verdict in verdicts if not verdict.ok]


def test_modem_that_works(where: Running) -> None:
    """Nothing is said of it."""
    HealthBoard(where.app.redis).show(ModemHealth(MODEM, ModemState.UP, ""))

    assert [sound("modems")] == list(lines.modems(where))


def test_each_subject_has_a_name_of_its_own(where: Running) -> None:
    """A modem's port and what its network says of it are two lines that nobody takes for one."""
    HealthBoard(where.app.redis).show(ModemHealth(MODEM, ModemState.UP, ""))

    names = [verdict.name for look in (modems.modems, lines.modems) for verdict in look(where)]

    assert ["modem_ports", "modems"] == names


def test_modem_that_is_down(where: Running) -> None:
    """Its state and the reason, once, whatever follows from that."""
    health = ModemHealth(MODEM, ModemState.PUK, "the SIM wants its PUK")
    HealthBoard(where.app.redis).show(health, Notes(("puk: the SIM wants its PUK",)))

    assert [(f"{MODEM} is puk: the SIM wants its PUK", f"siaga112 modems show {MODEM}")] == said(
        list(lines.modems(where))
    )


def test_modem_with_alarms(where: Running) -> None:
    """One that works and soon will not: each reason."""
    alarms = ("memory_high: 48 of 50 places in SM are taken", "credit_low: Rp 4000 are left")
    HealthBoard(where.app.redis).show(ModemHealth(MODEM, ModemState.UP, ""), Notes(alarms))

    assert [f"{MODEM}: {alarm}" for alarm in alarms] == [problem for problem, _ in said(list(lines.modems(where)))]


def test_operator_who_does_not_answer(where: Running) -> None:
    """Whoever was paused without asking for it: nobody hears of it at that phone, so it is said here."""
    pool = where.app.pool
    staff(pool, profile("1001"))
    before = list(lines.operators(where))
    stops_answering(pool, "1001")
    problems = said(list(lines.operators(where)))
    pool.pause("1001")

    assert [sound("operators")] == before == list(lines.operators(where))
    assert [
        ("1001 let it ring time after time and is paused", "ask why, then siaga112 operators resume 1001")
    ] == problems


def test_test_message_that_failed(where: Running) -> None:
    """What it met; before the first, and when one went well, nothing."""
    notes, now = ProbeNotes(where.app.redis), datetime.now(UTC)
    before = list(lines.tests(where))
    notes.failed(sms_probe(MODEM), now, "it has not come within 10 minutes")
    failed = said(list(lines.tests(where)))
    notes.passed(sms_probe(MODEM), now, 5.0)

    assert [sound("tests")] == before == list(lines.tests(where))
    assert [f"test sms {MODEM}: it has not come within 10 minutes"] == [problem for problem, _ in failed]


def test_nobody_makes_them(where: Running) -> None:
    """A test that went well days ago says nothing of today."""
    days = LATE * timedelta(hours=24)
    ProbeNotes(where.app.redis).passed(sms_probe(MODEM), datetime.now(UTC) - days, 5.0)

    assert [f"test sms {MODEM}: none was made for {int(days.total_seconds() // 60)} minutes"] == [
        problem.partition(": does")[0] for problem, _ in said(list(lines.tests(where)))
    ]


def test_city_that_does_not_run(where: Running) -> None:
    """Then its lines are not asked about."""
    idle = Surroundings(Path("siaga112.toml"), where.settings)

    assert [] == [*lines.modems(idle), *lines.operators(idle), *lines.tests(idle)]
