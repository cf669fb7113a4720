"""The call that each operator had last, for the feature codes that mark it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from redis import Redis

from redis_queue.errors import translated

PREFIX = "siaga112:talked-last:"

KEPT = timedelta(hours=1)
"""Who marks a call does it at once; a mark by habit hours later would hit somebody else's emergency."""

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """This operator talks in this call since then; None: with somebody who has no call that could be marked."""

    extension: str
    call_id: str | None
    at: datetime


class LastCalls:
    """What is known in one Redis; threads may share it. Raises `UnavailableError` without Redis.

    Each is a sorted set of one, the call by the time of its answer, so that of two who tell the newer one wins.
    """

    def __init__(self, redis: Redis, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = prefix

    def keep(self, extension: str, call_id: str | None) -> None:
        """This operator talks in this call now; None: with somebody who has no call that could be marked."""
        with translated():
            # Whatever a clock that was set back says.
            self._redis.delete(self._prefix + extension)
            self._add(self._redis, Talk(extension, call_id, datetime.now(UTC)))

    def learn(self, talks: Iterable[Talk]) -> None:
        """What is found out afterwards, in one round trip; it changes nothing where something newer is known."""
        commands = self._redis.pipeline()
        newest = {talk.extension: talk for talk in sorted(talks, key=lambda talk: talk.at)}
        for talk in newest.values():
            self._add(commands, talk)
        with translated():
            commands.execute()

    def of(self, extension: str) -> str | None:
        """The operator's last call; None when there was none in the last hour, or somebody was called back since."""
        oldest = _us(datetime.now(UTC) - KEPT)
        with translated():
            found = cast("list[str]", self._redis.zrangebyscore(self._prefix + extension, oldest, "+inf"))
        return (found[-1] or None) if found else None

    def _add(self, redis: Redis, talk: Talk) -> None:
        name = self._prefix + talk.extension
        redis.zadd(name, {talk.call_id or NOBODY: _us(talk.at)}, gt=True)
        redis.zremrangebyrank(name, 0, -2)
        redis.expire(name, KEPT)


def _us(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
