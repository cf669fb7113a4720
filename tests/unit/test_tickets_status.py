"""The life of a ticket, as its table allows it."""

import pytest

from tickets.errors import IllegalStatusChangeError
from tickets.status import TRANSITIONS, VERDICTS, require_allowed
from tickets.vocabulary import Status

EVERY_PAIR = [(current, wanted) for current in Status for wanted in Status]


@pytest.mark.parametrize(("current", "wanted"), EVERY_PAIR)
def test_the_table_decides(current: Status, wanted: Status) -> None:
    """What the table does not name is refused, and nothing else."""
    refused = False
    try:
        require_allowed(current, wanted)
    except IllegalStatusChangeError:
        refused = True

    assert refused is (wanted not in TRANSITIONS[current])


def test_every_status_can_be_reached() -> None:
    """From `new` there is a way to each other status; none is an orphan of the table."""
    reached = {Status.NEW}
    for _ in Status:
        reached |= {wanted for current in reached for wanted in TRANSITIONS[current]}

    assert set(Status) == reached


@pytest.mark.parametrize("verdict", sorted(VERDICTS))
def test_a_verdict_can_be_taken_back(verdict: Status) -> None:
    """A report that was wrongly rejected is never lost."""
    assert TRANSITIONS[verdict] == {Status.VERIFIED}


def test_a_refusal_says_what_would_be_right() -> None:
    """Who asked learns what is possible instead."""
    with pytest.raises(
        IllegalStatusChangeError, match="is done cannot become new; allowed from here: closed, handling"
    ):
        require_allowed(Status.DONE, Status.NEW)
