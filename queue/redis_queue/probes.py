"""How the test calls and test messages went, for whoever watches, and whose turn it is to make one."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from redis import Redis

from redis_queue.errors import translated

KEY = "siaga112:probes"
TURN_KEY = "siaga112:probe-turn:"

LATE = 3
"""So many intervals without one mean that nobody makes them any more."""


def call_probe(node: str) -> str:
    """Name of the test call to a machine's Asterisk."""
    return f"call {node}"


def sms_probe(modem: str) -> str:
    """Name of a modem's test message."""
    return f"sms {modem}"


@dataclass(frozen=True, slots=True)
class ProbeNote:
    """How one went last.

    Attributes:
        at: when that was known.
        problem: what was wrong; "" when it went well.
        took_s: how long it took; None when it failed.
        passed_at: when it went well last; None: never.
    """

    at: datetime
    problem: str = ""
    took_s: float | None = None
    passed_at: datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether it went well."""
        return not self.problem

    def trouble(self, every: timedelta, now: datetime) -> str:
        """What a person must know of one that is made each `every`; "" for nothing."""
        if self.problem:
            return self.problem
        silent = now - self.at
        if silent < LATE * every:
            return ""
        return f"none was made for {int(silent.total_seconds() // 60)} minutes: does the part that makes it run?"


class ProbeNotes:
    """The notes in one Redis; all methods raise `UnavailableError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def take_turn(self, name: str, every: timedelta) -> bool:
        """Whether it is time for one, and the asker's turn to make it: of all who ask within `every` it is one's."""
        with translated():
            return bool(self._redis.set(TURN_KEY + name, "taken", nx=True, px=every))

    def postpone(self, name: str, by: timedelta) -> None:
        """Whoever has the turn leaves it to the next who asks after so long."""
        with translated():
            self._redis.set(TURN_KEY + name, "taken", px=by)

    def passed(self, name: str, at: datetime, took_s: float) -> bool:
        """It went well; True when the one before had not."""
        before = self.read(name)
        self._keep(name, ProbeNote(at, took_s=took_s, passed_at=at))
        return before is not None and not before.passed

    def failed(self, name: str, at: datetime, problem: str) -> bool:
        """It went wrong; True when the one before had not."""
        before = self.read(name)
        self._keep(name, ProbeNote(at, problem, passed_at=before.passed_at if before else None))
        return before is None or before.passed

    def read(self, name: str) -> ProbeNote | None:
        """How one went last; None when none was made yet."""
        with translated():
            told = cast("str | None", self._redis.hget(KEY, name))
        return _note(json.loads(told)) if told else None

    def _keep(self, name: str, note: ProbeNote) -> None:
        told = {
            "at": note.at.isoformat(),
            "problem": note.problem,
            "took_s": note.took_s,
            "passed_at": note.passed_at.isoformat() if note.passed_at else None,
        }
        with translated():
            self._redis.hset(KEY, name, json.dumps(told))


def _note(told: dict[str, Any]) -> ProbeNote:
    passed_at = told["passed_at"]
    return ProbeNote(
        at=datetime.fromisoformat(told["at"]),
        problem=told["problem"],
        took_s=told["took_s"],
        passed_at=datetime.fromisoformat(passed_at) if passed_at else None,
    )
