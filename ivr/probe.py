"""A test call: a caller's way up to the choice of an operator, whom nobody rings. No fact of it is told."""

from hardware.asterisk.ami.views import endpoint_of
from hardware.asterisk.probe_way import ENDPOINT
from ivr.call import Call
from ivr.desk import Desk
from ivr.line import Line
from ivr.prompts.catalogue import GREETING
from redis_queue.errors import QueueError
from redis_queue.operators import Claimed, Refusal
from siaga112 import log

LEAST_URGENT = 3
"""No caller stands behind it."""

_log = log.get(__name__)


def is_probe(channel: str) -> bool:
    """Whether a channel, by the name that Asterisk gave it, is a test call's."""
    return endpoint_of(channel) == ENDPOINT


def decides(call: Call, line: Line, desk: Desk) -> bool:
    """Greet as a caller is greeted, and ask the pool as for a caller whom no operator will do.

    False where a caller would be left to the dialplan: without the pool, or with nobody who watches it. Raises
    `LineLost`.
    """
    greeting = desk.prompts.find(GREETING, desk.menu.language)
    if greeting is not None:
        line.play(greeting)
    try:
        return _asked(call, desk) is not Refusal.BLIND
    except QueueError as error:
        _log.error("probe.pool_lost", error=str(error))
        return False


def _asked(call: Call, desk: Desk) -> Refusal | None:
    everybody = frozenset(operator.extension for operator in desk.pool.snapshot())
    answer = desk.pool.claim(
        call.call_id,
        language=desk.menu.language,
        category="",
        priority=LEAST_URGENT,
        node=call.node,
        exclude=everybody,
    )
    if isinstance(answer, Claimed):  # one who has come to work since we asked who there is
        desk.pool.leave(call.call_id)
        return None
    return answer.reason
