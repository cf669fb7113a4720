"""Which calls each node has. A machine that dies tells nobody; what it had must be known elsewhere.

A node is a machine with an Asterisk. Its watcher writes; the watcher of another node reads when that one fell silent.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import cast

from redis import Redis

from redis_queue.errors import translated

LOCK_MS = 10_000
"""How long one watcher has for telling of a dead node's calls, until another may try."""


@dataclass(frozen=True, slots=True)
class NodeCall:
    """A call that is up; `caller` as the trunk gave it."""

    call_id: str
    caller: str
    trunk: str


class NodeCalls:
    """The calls of all nodes; every method raises `UnavailableError` when Redis is away."""

    def __init__(self, redis: Redis, prefix: str = "siaga112:") -> None:
        self._redis = redis
        self._nodes = f"{prefix}nodes"
        self._calls = f"{prefix}node-calls:"
        self._lock = f"{prefix}node-lock:"

    def began(self, node: str, call: NodeCall) -> None:
        """The node has this call; said again it changes nothing."""
        with translated():
            # In this order: a call of a node that nobody knows of would be told by nobody.
            self._redis.sadd(self._nodes, node)
            self._redis.hset(self._calls + node, call.call_id, json.dumps(asdict(call)))

    def over(self, node: str, call_ids: Iterable[str]) -> None:
        """The node has these no more."""
        gone = list(call_ids)
        if gone:
            with translated():
                self._redis.hdel(self._calls + node, *gone)

    def of(self, node: str) -> tuple[NodeCall, ...]:
        """The calls of a node, oldest first."""
        with translated():
            rows = cast("list[str]", self._redis.hvals(self._calls + node))
        return tuple(sorted((NodeCall(**json.loads(row)) for row in rows), key=_age))

    def nodes(self) -> frozenset[str]:
        """Every node that has had a call."""
        with translated():
            return frozenset(cast("set[str]", self._redis.smembers(self._nodes)))

    def take(self, node: str, by: str) -> bool:
        """Whether `by` is to tell of this node's calls: the one who asks first, for `LOCK_MS`."""
        with translated():
            return bool(self._redis.set(self._lock + node, by, nx=True, px=LOCK_MS))

    def forget(self, node: str) -> None:
        """All is told of this node, until it has a call again."""
        with translated():
            pipeline = self._redis.pipeline()
            pipeline.srem(self._nodes, node)
            pipeline.delete(self._calls + node)
            pipeline.execute()


def _age(call: NodeCall) -> tuple[int, str]:
    """A Uniqueid ends in the seconds of its beginning and a count, which grows in length."""
    return len(call.call_id), call.call_id
