"""What happened on each trunk last, kept over every restart: the look of a moment does not show it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from redis import Redis

from redis_queue.errors import translated

KEY = "siaga112:trunk:"
SIGHTS_KEY = "siaga112:trunk-sights"
SIGHT_LASTS = timedelta(seconds=60)
"""A machine that has not looked for so long says nothing of its trunks any more."""


@dataclass(frozen=True, slots=True)
class TrunkNote:
    """One trunk's past.

    Attributes:
        call_at: when the last call on it ended that had been answered.
        failure: SIP status code of the last outgoing call that failed.
        failed_at: when that was.
    """

    call_at: datetime | None = None
    failure: int | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrunkSight:
    """How a machine saw a trunk."""

    trunk: str
    node: str
    up: bool
    calls: int
    at: datetime


class TrunkNotes:
    """The notes in one Redis; all methods raise `UnavailableError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def called(self, trunk: str, at: datetime) -> None:
        """A call was carried."""
        with translated():
            self._redis.hset(KEY + trunk, "call_at", at.isoformat())

    def failed(self, trunk: str, status: int, at: datetime) -> None:
        """An outgoing call was refused."""
        with translated():
            self._redis.hset(KEY + trunk, mapping={"failure": status, "failed_at": at.isoformat()})

    def seen(self, sight: TrunkSight) -> None:
        """Keep how one is, for a while."""
        told = {"up": sight.up, "calls": sight.calls, "at": sight.at.isoformat()}
        with translated():
            self._redis.hset(SIGHTS_KEY, f"{sight.node}/{sight.trunk}", json.dumps(told))

    def sights(self, now: datetime) -> list[TrunkSight]:
        """How each is now, as far as a machine has looked lately."""
        with translated():
            kept = cast("dict[str, str]", self._redis.hgetall(SIGHTS_KEY))
        found = (_sight(name, json.loads(told)) for name, told in sorted(kept.items()))
        return [sight for sight in found if now - sight.at < SIGHT_LASTS]

    def read(self, trunk: str) -> TrunkNote:
        """What is known of a trunk."""
        with translated():
            kept = cast("dict[str, str]", self._redis.hgetall(KEY + trunk))
        return TrunkNote(
            call_at=_moment(kept.get("call_at")),
            failure=int(kept["failure"]) if "failure" in kept else None,
            failed_at=_moment(kept.get("failed_at")),
        )


def _sight(name: str, told: dict[str, Any]) -> TrunkSight:
    node, _, trunk = name.partition("/")
    return TrunkSight(trunk, node, up=told["up"], calls=told["calls"], at=datetime.fromisoformat(told["at"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
