"""An operator as listings show one."""

from datetime import tzinfo

from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from tickets.views import rfc3339

COLUMNS = ("extension", "name", "state", "since", "call_id", "reason")


def operator_row(operator: OperatorStatus, tz: tzinfo) -> dict[str, object]:
    """The row of one operator."""
    state, reason = shown(operator)
    return {
        "extension": operator.extension,
        "name": operator.name,
        "state": state.value,
        "since": rfc3339(operator.since.astimezone(tz)),
        "call_id": operator.call_id,
        "reason": reason,
    }


def shown(operator: OperatorStatus) -> tuple[OperatorState, str]:
    """State and reason. What reads listings knows seven states: on a call that the pool knows nothing of is `talking`,
    without a call id, for the reason `in_use`.
    """
    if operator.state is OperatorState.IN_USE:
        return OperatorState.TALKING, OperatorState.IN_USE.value
    return operator.state, operator.reason
