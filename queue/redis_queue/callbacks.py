"""Whom to call back, as the phones' feature code needs it: a mirror of the database's list that answers at once.

The worker feeds it (`replace`, `add`) and clears it (`remove`); a script takes the next number.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from redis import Redis

from redis_queue.errors import translated
from redis_queue.lua_files import lua_source

KEY = "siaga112:callbacks"

CLAIM_MS = 180_000
"""A number that was taken is nobody else's for so long: ringing and the first words; then the list is cleared of it."""


class CallbackLine:
    """The list in one Redis; threads may share it. Every method raises `UnavailableError` when Redis is away."""

    def __init__(self, redis: Redis, key: str = KEY, *, claim_ms: int = CLAIM_MS) -> None:
        self._redis = redis
        self._key = key
        self._claims = f"{key}:called"
        self._claim_ms = claim_ms
        self._take = redis.register_script(lua_source("take_callback"))

    def next(self, may_be_called: Callable[[str], bool]) -> str | None:
        """Take the number that has waited longest; None when nobody waits whom no one else is calling.

        Those that may not be called stay where they are, and keep no other from being called.
        """
        return next(filter(self._taken, filter(may_be_called, self.numbers())), None)

    def add(self, number: str, since: datetime) -> None:
        """One more; a number that is there keeps its place, unless it is to stand further in front now."""
        with translated():
            self._redis.zadd(self._key, {number: _ms(since)}, lt=True)

    def put_back(self, number: str, at: datetime) -> None:
        """Nobody answered there: behind the others, to be called again; nothing happens if it is not in the list."""
        pipeline = self._redis.pipeline()
        pipeline.zadd(self._key, {number: _ms(at)}, xx=True)
        pipeline.zrem(self._claims, number)
        with translated():
            pipeline.execute()

    def remove(self, number: str) -> None:
        """It was reached, or got through itself."""
        pipeline = self._redis.pipeline()
        pipeline.zrem(self._key, number)
        pipeline.zrem(self._claims, number)
        with translated():
            pipeline.execute()

    def replace(self, numbers: Mapping[str, datetime]) -> None:
        """Make these the list, by what the database says; who is being called stays taken."""
        pipeline = self._redis.pipeline()
        pipeline.delete(self._key)
        if numbers:
            pipeline.zadd(self._key, {number: _ms(since) for number, since in numbers.items()})
        with translated():
            pipeline.execute()

    def numbers(self) -> tuple[str, ...]:
        """The list, who has waited longest first."""
        with translated():
            return tuple(cast("list[str]", self._redis.zrange(self._key, 0, -1)))

    def _taken(self, number: str) -> bool:
        with translated():
            return bool(self._take(keys=[self._key, self._claims], args=[number, self._claim_ms]))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
