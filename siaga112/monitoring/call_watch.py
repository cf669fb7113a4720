"""Makes test calls in time, keeps how they went, and says when they begin to fail and when that is over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from redis_queue.probes import ProbeNotes, call_probe
from siaga112 import log
from siaga112.monitoring.call_probe import ProbeFailedError

LOOK_EVERY_S = 15.0

TRIES = 2
"""So many in a row must fail: one may fall into a restart."""

FIRST_AFTER = timedelta(seconds=60)
"""A city that has just started is given so long."""

_log = log.get(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class CallWatch:
    """The test calls of one machine.

    Args:
        place: makes one, and gives the seconds that it took; raises `ProbeFailedError`.
    """

    def __init__(
        self,
        node: str,
        every: timedelta,
        notes: ProbeNotes,
        place: Callable[[], float],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._name = call_probe(node)
        self._every = every
        self._notes = notes
        self._place = place
        self._now = now
        self._due = now() + min(every, FIRST_AFTER)
        self._failed = 0

    def look(self) -> None:
        """Make one if it is time; raises `UnavailableError`."""
        if self._now() < self._due:
            return
        try:
            took_s = self._place()
        except ProbeFailedError as error:
            self._fail(str(error))
        else:
            self._pass(took_s)

    def _pass(self, took_s: float) -> None:
        self._due, self._failed = self._now() + self._every, 0
        if self._notes.passed(self._name, self._now(), took_s):
            _log.info("probe.alarm_over", probe=self._name)

    def _fail(self, problem: str) -> None:
        # The next one at the next look, until one goes well: who mends it wants to know soon.
        self._failed += 1
        if self._failed < TRIES:
            return
        if self._notes.failed(self._name, self._now(), problem):
            _log.error("probe.alarm", probe=self._name, text=problem)
