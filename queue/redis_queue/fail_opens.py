"""How many calls came to the fallback, by the reason: for monitoring, and kept over every restart."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from redis import Redis

from redis_queue.errors import translated

KEY = "siaga112:fail-opens"


class FailOpenReason(StrEnum):
    """Why the fallback has a call: the values of SIAGA112_REASON."""

    SCRIPT = "script"  # it ended without its mark: not there, killed, or failed
    TIMER = "timer"  # it stood still
    OPERATORS = "operators"  # none of those that it chose took the call, and nobody else is on duty or three are enough
    HANDED = "handed"  # nobody was on duty
    OVERFLOW = "overflow"  # the caller had waited for as long as the city says
    OTHER = "other"

    @property
    def is_planned(self) -> bool:
        """Whether the script meant it: then nothing of ours has failed."""
        return self in {FailOpenReason.HANDED, FailOpenReason.OVERFLOW}


class FailOpens:
    """The counts in one Redis. Not for several threads at once.

    Redis may be what failed: what is counted is kept here until `flush` has brought it there.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._new: Counter[FailOpenReason] = Counter()

    def count(self, reason: FailOpenReason) -> None:
        """One more; returns at once."""
        self._new[reason] += 1

    def flush(self) -> None:
        """Bring what was counted to Redis; raises `UnavailableError`, and it is brought the next time."""
        for reason in list(self._new):
            with translated():
                self._redis.hincrby(KEY, reason.value, self._new[reason])
            del self._new[reason]

    def read(self) -> Mapping[FailOpenReason, int]:
        """What Redis has, every reason among it; raises `UnavailableError`."""
        with translated():
            kept = cast("dict[str, str]", self._redis.hgetall(KEY))
        return {reason: int(kept.get(reason.value, 0)) for reason in FailOpenReason}
