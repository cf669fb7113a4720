"""What must go on in a part for it to be alive, and the heartbeat that says so.

A process that is there may still serve nobody, because one of its threads waits for ever. So the heartbeat is sent by
the main thread, and only while every vital thread has shown progress within its limit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from siaga112 import log
from siaga112.notify import notify, watchdog_s

BEATS = 3
"""In the time after which silence is taken for death."""


@dataclass(frozen=True, slots=True)
class Vital:
    """A thread without which the part only seems to live.

    Attributes:
        progress: when it last showed that it goes on (`time.monotonic`).
        limit_s: longest time that one piece of its work may take.
    """

    name: str
    progress: Callable[[], float]
    limit_s: float

    def is_stuck(self, now: float) -> bool:
        """Whether its last sign of life is too long ago."""
        return now - self.progress() > self.limit_s


Vitals = Sequence[Vital]


class Heartbeat:
    """Tells whoever watches this process that it is alive, as long as that is true."""

    def __init__(self, part: str, vitals: Vitals) -> None:
        watchdog = watchdog_s()
        self.every_s = None if watchdog is None else watchdog / BEATS
        self._vitals = vitals
        self._said: list[str] = []
        self._log = log.get(part)

    def beat(self) -> None:
        """Send the sign of life, unless a vital thread is stuck; that is said instead, once."""
        now = monotonic()
        stuck = [vital.name for vital in self._vitals if vital.is_stuck(now)]
        if stuck and stuck != self._said:
            self._log.error("part.stuck", threads=stuck)
        self._said = stuck
        if not stuck:
            notify("WATCHDOG=1")
