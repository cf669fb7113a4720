"""Signs of life of callers who press no key: whether somebody made a sound, or has stayed silent all the time.

The switchboard hears (a key, a voice), a call's script notes that the menu brought nothing.
"""

from collections.abc import Sequence
from typing import cast

from redis import Redis

from redis_queue.errors import translated

PREFIX = "siaga112:life:"

KEPT_S = 3600
"""Longer than any call waits; at the call's end nobody needs to tidy up."""

_ALIVE = "alive"
_SILENT = "silent"


class SignsOfLife:
    """What is known in one Redis, by call id; threads may share it. Raises `UnavailableError` without Redis."""

    def __init__(self, redis: Redis, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = prefix

    def seen(self, call_id: str) -> None:
        """The caller pressed a key or made a sound."""
        with translated():
            self._redis.set(self._prefix + call_id, _ALIVE, ex=KEPT_S)

    def missed(self, call_id: str) -> bool:
        """Nothing came where something was to be expected; True if nothing has come at all."""
        with translated():
            self._redis.set(self._prefix + call_id, _SILENT, ex=KEPT_S, nx=True)
        return self.is_silent(call_id)

    def silent_among(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Of which of these `is_silent` is true."""
        with translated():
            kept = cast("list[str | None]", self._redis.mget([self._prefix + call_id for call_id in call_ids]))
        return frozenset(call_id for call_id, state in zip(call_ids, kept, strict=True) if state == _SILENT)

    def is_silent(self, call_id: str) -> bool:
        """Whether something was expected of the caller, and there has been no sign of life."""
        with translated():
            return cast("str | None", self._redis.get(self._prefix + call_id)) == _SILENT
