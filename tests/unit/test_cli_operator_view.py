"""What a listing shows of an operator."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from siaga112.cli.operator_view import COLUMNS, operator_row

SINCE = datetime(2026, 5, 1, 1, tzinfo=UTC)
PUBLISHED = {"offline", "available", "reserved", "ringing", "talking", "wrap_up", "paused"}


def row(state: OperatorState, call_id: str | None = None, reason: str = "") -> dict[str, object]:
    """The row of 1001."""
    return operator_row(OperatorStatus("1001", "Siti", state, SINCE, call_id, reason), ZoneInfo("Asia/Jakarta"))


def test_all_that_is_known_is_shown() -> None:
    """In the city's time, and in the order of the columns."""
    shown = row(OperatorState.PAUSED, reason="no_answer")

    assert {
        "extension": "1001",
        "name": "Siti",
        "state": "paused",
        "since": "2026-05-01T08:00:00.000+07:00",
        "call_id": None,
        "reason": "no_answer",
    } == shown
    assert COLUMNS == tuple(shown)


@pytest.mark.parametrize("state", OperatorState)
def test_no_state_is_shown_that_scripts_do_not_know(state: OperatorState) -> None:
    """They are seven for good."""
    assert row(state)["state"] in PUBLISHED


def test_a_phone_with_a_call_of_its_own_talks() -> None:
    """The reason says that no caller of ours is meant, and no call is named."""
    shown = row(OperatorState.IN_USE)

    assert ("talking", "in_use", None) == (shown["state"], shown["reason"], shown["call_id"])
