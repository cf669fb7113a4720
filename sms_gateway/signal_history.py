"""How strong each modem's signal was during the last day: a look of the moment does not show an antenna that fell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from redis import Redis

from redis_queue.errors import translated

KEY = "siaga112:modem-signal:"

EVERY = timedelta(minutes=10)
"""A sample each; in between the weakest is kept, so that a short loss shows."""

KEPT = 144
"""Samples: a day."""


@dataclass(frozen=True, slots=True)
class SignalSample:
    """The weakest signal of ten minutes that begin at `at`, in dBm."""

    at: datetime
    dbm: int


class SignalHistory:
    """The samples of all modems in one Redis; each modem has one writer. All methods raise `UnavailableError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def note(self, modem: str, dbm: int, at: datetime) -> None:
        """A look found this strength."""
        key, start = KEY + modem, _start(at)
        with translated():
            last = cast("str | None", self._redis.lindex(key, 0))
            before = _sample(last) if last else None
            with self._redis.pipeline() as pipeline:
                if before is not None and before.at == start:
                    pipeline.lset(key, 0, _written(start, min(dbm, before.dbm)))
                else:
                    pipeline.lpush(key, _written(start, dbm))
                    pipeline.ltrim(key, 0, KEPT - 1)
                pipeline.execute()

    def read(self, modem: str, now: datetime) -> Sequence[SignalSample]:
        """The samples of the last day, the oldest first."""
        with translated():
            found = cast("list[str]", self._redis.lrange(KEY + modem, 0, KEPT - 1))
        samples = [_sample(text) for text in reversed(found)]
        return [sample for sample in samples if now - sample.at < KEPT * EVERY]


def _start(at: datetime) -> datetime:
    seconds = EVERY.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def _written(start: datetime, dbm: int) -> str:
    return f"{int(start.timestamp())} {dbm}"


def _sample(text: str) -> SignalSample:
    seconds, _, dbm = text.partition(" ")
    return SignalSample(datetime.fromtimestamp(int(seconds), UTC), int(dbm))
