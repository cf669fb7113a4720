"""When a person is told that something is wrong with a modem."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from hardware.modem.at.results import parse_final
from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.memories import MemoryUse
from sms_gateway.alarms import AlarmBook, AlarmKind, Facts, alarms_of
from sms_gateway.flapping import CHANGES, WITHIN, Flapping

HOUR = timedelta(hours=1)
UP = ModemHealth("m", ModemState.UP, "")


def with_memories(*memories: tuple[str, int, int]) -> ModemHealth:
    """A modem that works and counts so."""
    return ModemHealth("m", ModemState.UP, "", memories=tuple(MemoryUse(*one) for one in memories))


def in_state(state: ModemState) -> ModemHealth:
    """A modem in that state."""
    return ModemHealth("m", state, "why")


@pytest.mark.parametrize(
    ("health", "facts", "expected"),
    [
        (UP, Facts(), []),
        (in_state(ModemState.PIN), Facts(), [AlarmKind.PIN]),
        (in_state(ModemState.PUK), Facts(), [AlarmKind.PUK]),
        (in_state(ModemState.NO_SIM), Facts(), [AlarmKind.NO_SIM]),
        (in_state(ModemState.DOWN), Facts(trouble_s=29), []),
        (in_state(ModemState.DOWN), Facts(trouble_s=30), [AlarmKind.DOWN]),
        (in_state(ModemState.SEARCHING), Facts(trouble_s=59), []),
        (in_state(ModemState.SEARCHING), Facts(trouble_s=60), [AlarmKind.NO_NETWORK]),
        (in_state(ModemState.SEARCHING), Facts(trouble_s=900, stuck=True), [AlarmKind.NO_NETWORK, AlarmKind.STUCK]),
        (with_memories(("SM", 39, 50), ("ME", 0, 255)), Facts(), []),
        (with_memories(("SM", 40, 50), ("ME", 0, 255)), Facts(), [AlarmKind.MEMORY_HIGH]),
        (with_memories(("SM", 0, 50), ("ME", 255, 255)), Facts(), [AlarmKind.MEMORY_FULL]),
        (with_memories(("SM", 0, 0), ("SR", 100, 100)), Facts(), []),
        (UP, Facts(told_full=True), [AlarmKind.MEMORY_FULL]),
        (UP, Facts(silent_for=6 * HOUR, silence_limit=6 * HOUR), [AlarmKind.SILENCE]),
        (UP, Facts(silent_for=5 * HOUR, silence_limit=6 * HOUR), []),
        (UP, Facts(silent_for=500 * HOUR), []),
        (UP, Facts(send_refusal=parse_final("+CMS ERROR: 21")), [AlarmKind.SEND_REFUSED]),
        (UP, Facts(send_refusal=parse_final("+CMS ERROR: 500")), []),
        (UP, Facts(send_refusal=parse_final("ERROR")), []),
        (UP, Facts(flapping=True), [AlarmKind.FLAPPING]),
        (UP, Facts(credit=0), [AlarmKind.NO_CREDIT]),
        (UP, Facts(credit=0, credit_limit=10_000), [AlarmKind.NO_CREDIT]),
        (UP, Facts(credit=9_999, credit_limit=10_000), [AlarmKind.CREDIT_LOW]),
        (UP, Facts(credit=10_000, credit_limit=10_000), []),
        (UP, Facts(credit=1), []),
        (UP, Facts(credit_limit=10_000), []),
    ],
)
def test_conditions(health: ModemHealth, facts: Facts, expected: list[AlarmKind]) -> None:
    """Each alarm has its limit, and none comes without its reason."""
    assert expected == [alarm.kind for alarm in alarms_of(health, facts)]


def test_alarm_is_said_once_and_its_end_too() -> None:
    """As long as it lasts it stands in the listing; the log has its beginning, at level error, and its end."""
    book = AlarmBook("m")
    with capture_logs() as said:
        for health in (UP, in_state(ModemState.PUK), in_state(ModemState.PUK), UP, UP):
            book.update(alarms_of(health, Facts()))

    assert [("modem.alarm", "error", "puk"), ("modem.alarm_over", "info", "puk")] == [
        (line["event"], line["log_level"], line["alarm"]) for line in said
    ]


MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_flapping() -> None:
    """Three times gone and back is said even while the modem works, and no more after ten quiet minutes."""
    flapping = Flapping()
    for change in range(CHANGES + 1):
        before = flapping.is_on(NOON + change * MINUTE)
        flapping.see(change % 2 == 0, NOON + change * MINUTE)
    last = NOON + CHANGES * MINUTE

    assert not before
    assert flapping.is_on(last)
    assert flapping.is_on(NOON + MINUTE + WITHIN - timedelta(seconds=1))
    assert not flapping.is_on(NOON + MINUTE + WITHIN)


def test_modem_that_is_away_does_not_flap() -> None:
    """Looks that find the same are no changes."""
    flapping = Flapping()
    for look in range(100):
        flapping.see(look == 0, NOON + look * timedelta(seconds=2))

    assert not flapping.is_on(NOON + timedelta(seconds=200))
