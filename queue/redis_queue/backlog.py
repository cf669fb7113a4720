"""How much of a stream is not done yet, for people and monitoring."""

from dataclasses import dataclass
from typing import cast

from redis import exceptions as redis_errors

from redis_queue.errors import translated
from redis_queue.streams import Stream, is_no_group


@dataclass(frozen=True, slots=True)
class Backlog:
    """One stream at one moment.

    `length`: entries that are not done; `pending`: those of them that a consumer has; `dead`: dead letters; `oldest_s`:
    age of the oldest entry that is not done, by the server's clock, 0 when all is done.
    """

    length: int
    pending: int
    dead: int
    oldest_s: float


def backlog(stream: Stream) -> Backlog:
    """Look at a stream, with one round trip; raises `UnavailableError`."""
    pipeline = stream.redis.pipeline(transaction=False)
    pipeline.xlen(stream.name)
    pipeline.xlen(stream.dead_name)
    pipeline.xrange(stream.name, count=1)
    pipeline.time()
    pipeline.xpending(stream.name, stream.group)
    with translated():
        length, dead, oldest, now, pending = pipeline.execute(raise_on_error=False)
        for answer in (length, dead, oldest, now):
            _raise(answer)
    return Backlog(length, _count(pending), dead, _age(oldest, now))


def _raise(answer: object) -> None:
    if isinstance(answer, Exception):
        raise answer


def _count(pending: object) -> int:
    if isinstance(pending, redis_errors.ResponseError) and is_no_group(pending):
        return 0  # no consumer has read yet
    _raise(pending)
    return cast("dict[str, int]", pending)["pending"]


def _age(oldest: list[tuple[str, object]], now: tuple[int, int]) -> float:
    if not oldest:
        return 0.0
    added_ms = int(oldest[0][0].partition("-")[0])
    return max(now[0] + now[1] / 1e6 - added_ms / 1000, 0.0)
