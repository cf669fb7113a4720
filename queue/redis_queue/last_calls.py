"""The call that each operator had last, for the feature codes that mark it."""

from typing import cast

from redis import Redis

from redis_queue.errors import translated

PREFIX = "siaga112:last-call:"

KEPT_S = 3600
"""Who marks a call does it at once; a mark by habit hours later would hit somebody else's emergency."""


class LastCalls:
    """What is known in one Redis; threads may share it. Raises `UnavailableError` without Redis."""

    def __init__(self, redis: Redis, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = prefix

    def keep(self, extension: str, call_id: str) -> None:
        """This operator talks in this call."""
        with translated():
            self._redis.set(self._prefix + extension, call_id, ex=KEPT_S)

    def of(self, extension: str) -> str | None:
        """The operator's last call; None when there was none in the last hour."""
        with translated():
            return cast("str | None", self._redis.get(self._prefix + extension))
