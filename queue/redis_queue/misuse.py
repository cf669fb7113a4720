"""Numbers that pass a spoken challenge first, because operators marked too many of their calls.

The database decides who they are (the worker writes, `callers lift` deletes); a call's script only looks.
"""

from redis import Redis

from redis_queue.errors import translated

PREFIX = "siaga112:prank:"


class Misuse:
    """The diverted numbers in one Redis, in E.164; threads may share it. Raises `UnavailableError` without Redis."""

    def __init__(self, redis: Redis, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = prefix

    def mark(self, number: str, seconds: int) -> None:
        """Divert `number` for so long from now."""
        with translated():
            self._redis.set(self._prefix + number, "1", ex=seconds)

    def lift(self, number: str) -> bool:
        """End it; False when `number` was not diverted."""
        with translated():
            return bool(self._redis.delete(self._prefix + number))

    def is_diverted(self, number: str) -> bool:
        """Whether calls of `number` pass the challenge first."""
        with translated():
            return bool(self._redis.exists(self._prefix + number))
