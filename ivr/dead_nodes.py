"""Machines that died: what became of their calls is told by whoever of the others sees it first."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from redis_queue.node_calls import NodeCall, NodeCalls
from redis_queue.pool import OperatorPool
from redis_queue.streams import Stream
from siaga112 import log
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind

GRACE_S = 3.0
"""A watcher that is only started again is back by then; counted from the end of its heartbeat."""

LONGEST_GAP_S = 2.5
"""Who did not look for longer, as when Redis was away, has not seen that a node was silent meanwhile."""

_log = log.get(__name__)


class DeadNodes:
    """Tells, as facts, of the calls that ended with their machine, and frees the operators who were in them."""

    def __init__(
        self,
        node: str,
        pool: OperatorPool,
        calls: NodeCalls,
        stream: Stream,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._node = node
        self._pool = pool
        self._calls = calls
        self._stream = stream
        self._clock = clock
        self._silent_since: dict[str, float] = {}
        self._looked_at = 0.0

    def look(self) -> None:
        """Look for nodes that fell silent; to be called each second. Raises `UnavailableError`."""
        silent = self._calls.nodes() - self._pool.nodes() - {self._node}
        now = self._clock()
        seen = self._silent_since if now - self._looked_at <= LONGEST_GAP_S else {}
        self._silent_since = {node: seen.get(node, now) for node in silent}
        self._looked_at = now
        for node, since in self._silent_since.items():
            if now - since >= GRACE_S and self._calls.take(node, self._node):
                self._tell(node)

    def _tell(self, node: str) -> None:
        calls = self._calls.of(node)
        at = datetime.now(UTC)
        # Into the stream before anything is forgotten: whoever dies in between leaves it to the next.
        self._stream.add_all(_lost(call, node, at).to_fields() for call in calls)
        for call in calls:
            self._pool.ended(call.call_id)
        self._calls.forget(node)
        if calls:
            _log.error("node.dead", node=node, calls=len(calls))


def _lost(call: NodeCall, node: str, at: datetime) -> CallFact:
    return CallFact(
        call_id=call.call_id, kind=CallFactKind.LOST, at=at, caller=call.caller, trunk=call.trunk, node=node
    )
