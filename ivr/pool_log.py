"""The operator pool's events as lines of the log."""

from redis_queue.operators import CallerGone, NodeSilent, PoolEvent
from redis_queue.states import Cause
from siaga112 import log

_log = log.get(__name__)

# An operator who is taken out without having asked for it: somebody should look.
_REMARKABLE = frozenset({Cause.NO_ANSWER, Cause.CHANUNAVAIL, Cause.CONGESTION, Cause.LEASE_OVER})


def log_pool_event(event: PoolEvent) -> None:
    """Say it."""
    if isinstance(event, CallerGone):
        _log.warning("caller.gone", call_id=event.call_id)
        return
    if isinstance(event, NodeSilent):
        _log.error("node.silent", node=event.node)
        return
    say = _log.warning if event.cause in _REMARKABLE else _log.info
    say(
        "operator.moved",
        operator=event.extension,
        before=event.before,
        after=event.after,
        cause=event.cause,
        about=event.call_id,
    )
    if event.is_pause_unasked:
        mend = f"ask why, then siaga112 operators resume {event.extension}"
        _log.warning("operator.does_not_answer", operator=event.extension, state="paused", mend=mend)
