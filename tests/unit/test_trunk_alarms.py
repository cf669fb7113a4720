"""What a person is told of a trunk, and when it is over."""

from datetime import UTC, datetime, timedelta

from hardware.asterisk.trunks.state import TrunkCondition, TrunkState
from siaga112.trunks.alarms import FLAPPING_CHANGES, FLAPPING_TIME, TrunkAlarmKind, TrunkAlarms

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
UP = TrunkState("a", TrunkCondition.UP, "", 12.0, 0)
DOWN = TrunkState("a", TrunkCondition.DOWN, "does not answer OPTIONS", None, 0)


def kinds(alarms: TrunkAlarms, state: TrunkState, at: datetime, call_at: datetime = NOON) -> list[TrunkAlarmKind]:
    """What is wrong after one look."""
    return [alarm.kind for alarm in alarms.update(state, call_at, at)]


def test_down_and_up_again() -> None:
    """A trunk that is down is an alarm until it is up."""
    alarms = TrunkAlarms("a", timedelta())

    assert [] == kinds(alarms, UP, NOON)
    assert [TrunkAlarmKind.DOWN] == kinds(alarms, DOWN, NOON)
    assert [] == kinds(alarms, UP, NOON)


def test_flapping_ends_with_quiet() -> None:
    """A trunk that comes and goes is said even while it is up, and no more after ten quiet minutes."""
    alarms = TrunkAlarms("a", timedelta())
    for change in range(FLAPPING_CHANGES + 1):
        kinds(alarms, DOWN if change % 2 else UP, NOON + timedelta(seconds=change))

    assert [TrunkAlarmKind.FLAPPING] == kinds(alarms, UP, NOON + timedelta(seconds=FLAPPING_CHANGES + 1))
    assert [] == kinds(alarms, UP, NOON + FLAPPING_TIME + timedelta(seconds=2))


def test_silence() -> None:
    """No call for as long as the city says is an alarm; where it says nothing it is none."""
    watched, unwatched = TrunkAlarms("a", timedelta(hours=8)), TrunkAlarms("a", timedelta())

    assert [] == kinds(watched, UP, NOON + timedelta(hours=7))
    assert [TrunkAlarmKind.SILENCE] == kinds(watched, UP, NOON + timedelta(hours=8))
    assert [] == kinds(unwatched, UP, NOON + timedelta(days=8))
