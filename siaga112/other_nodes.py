"""What this machine's Asterisk must know of the others: which operators' phones have a call there.

The pool gives no such phone to a call. But where a caller is led to a human without us, Asterisk rings whoever seems
free to it.
"""

from collections.abc import Iterable

from hardware.asterisk.ami import AmiError
from hardware.asterisk.elsewhere import Elsewhere
from ivr.call import node_of
from redis_queue.operators import OperatorStatus
from redis_queue.pool import OperatorPool
from siaga112 import log

LOOK_EVERY_S = 0.5

_log = log.get(__name__)


class OtherNodes:
    """Carries it from the pool to Asterisk."""

    def __init__(self, node: str, pool: OperatorPool, elsewhere: Elsewhere) -> None:
        self._node = node
        self._pool = pool
        self._elsewhere = elsewhere

    def look(self) -> None:
        """Tell how it stands; to be called every `LOOK_EVERY_S`. Raises `UnavailableError`."""
        busy = busy_elsewhere(self._node, self._pool.snapshot())
        try:
            self._elsewhere.tell(busy)
        except AmiError as error:
            # What it was told ends by itself, and it is told again when it is back.
            _log.debug("other_nodes.not_told", reason=str(error))


def busy_elsewhere(node: str, operators: Iterable[OperatorStatus]) -> frozenset[str]:
    """Whose phone has a call on another node, or is about to get one."""
    return frozenset(each.extension for each in operators if each.in_use - {node} or _serves_another(node, each))


def _serves_another(node: str, operator: OperatorStatus) -> bool:
    return operator.call_id is not None and node_of(operator.call_id) != node
