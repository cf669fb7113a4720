"""The pool's events as lines of the log: what a person has to look at stands out."""

import pytest
from structlog.testing import capture_logs

from ivr.pool_log import log_pool_event
from redis_queue.operators import Moved
from redis_queue.states import Cause, OperatorState


@pytest.mark.parametrize(
    ("cause", "reason", "lines"),
    [
        (Cause.NO_ANSWER, "no_answer", [("operator.moved", "warning"), ("operator.does_not_answer", "warning")]),
        (Cause.NO_ANSWER, "pause", [("operator.moved", "warning")]),
        (Cause.PAUSE, "pause", [("operator.moved", "info")]),
    ],
)
def test_who_is_paused_for_not_answering_is_said(cause: Cause, reason: str, lines: list[tuple[str, str]]) -> None:
    """On a line of its own, with what is to be done; a pause that was asked for is no news."""
    with capture_logs() as logs:
        log_pool_event(Moved("1001", OperatorState.RINGING, OperatorState.PAUSED, cause, "1718000000.12", reason))

    assert lines == [(line["event"], line["log_level"]) for line in logs]
    assert (len(lines) == 2) == (logs[-1].get("mend") == "ask why, then siaga112 operators resume 1001")
