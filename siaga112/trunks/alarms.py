"""What a person must know about a trunk, and when it begins and ends."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hardware.asterisk.trunks.state import TrunkCondition, TrunkState
from siaga112 import log

FLAPPING_CHANGES = 6
FLAPPING_TIME = timedelta(minutes=10)
"""Three times gone and back within ten minutes is a line that a caller should not be sent by."""


class TrunkAlarmKind(StrEnum):
    """What it is about; the names stand in the log."""

    DOWN = "down"
    FLAPPING = "flapping"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class TrunkAlarm:
    """One of them, with what is wrong in a sentence."""

    kind: TrunkAlarmKind
    text: str


class TrunkAlarms:
    """The alarms of one trunk that are on; says in the log when one begins and when it is over.

    Args:
        silence: so long without a call is an alarm; zero: never.
    """

    def __init__(self, trunk: str, silence: timedelta) -> None:
        self._silence = silence
        self._was: TrunkCondition | None = None
        self._changes: deque[datetime] = deque(maxlen=FLAPPING_CHANGES)
        self._on: dict[TrunkAlarmKind, TrunkAlarm] = {}
        self._log = log.get(__name__).bind(trunk=trunk)

    def update(self, state: TrunkState, call_at: datetime, now: datetime) -> tuple[TrunkAlarm, ...]:
        """Take how it is now; what is wrong.

        Args:
            call_at: the last call that it carried, else since when that is watched.
        """
        if self._was is not None and (state.condition is TrunkCondition.UP) is not (self._was is TrunkCondition.UP):
            self._changes.append(now)
        self._was = state.condition
        alarms = {alarm.kind: alarm for alarm in self._wrong(state, call_at, now)}
        for kind in alarms.keys() - self._on.keys():
            self._log.error("trunk.alarm", alarm=kind.value, text=alarms[kind].text)
        for kind in self._on.keys() - alarms.keys():
            self._log.info("trunk.alarm_over", alarm=kind.value)
        self._on = alarms
        return tuple(alarms.values())

    def _wrong(self, state: TrunkState, call_at: datetime, now: datetime) -> Iterator[TrunkAlarm]:
        if state.condition is not TrunkCondition.UP:
            yield TrunkAlarm(TrunkAlarmKind.DOWN, f"{state.condition}: {state.reason}")
        if len(self._changes) == FLAPPING_CHANGES and now - self._changes[0] < FLAPPING_TIME:
            yield TrunkAlarm(
                TrunkAlarmKind.FLAPPING, f"it came and went {FLAPPING_CHANGES // 2} times within ten minutes"
            )
        if self._silence and now - call_at >= self._silence:
            hours = int((now - call_at).total_seconds() // 3600)
            yield TrunkAlarm(TrunkAlarmKind.SILENCE, f"no call for {hours} h: dial the number and see")
