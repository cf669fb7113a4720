"""What a mark may do to a ticket, by the table of statuses."""

from itertools import pairwise, product

import pytest

from tickets.calls.marking import way_to
from tickets.calls.verdicts import VERDICTS
from tickets.status import TRANSITIONS
from tickets.vocabulary import Mark, Status


@pytest.mark.parametrize(("current", "mark"), list(product(Status, Mark)))
def test_a_mark_goes_only_where_the_table_lets_it(current: Status, mark: Mark) -> None:
    """Each step of the way is allowed, and its end is what the mark stands for."""
    way = way_to(current, mark)
    if way is None:
        return
    assert VERDICTS[mark].status is (current, *way)[-1]
    assert all(after in TRANSITIONS[before] for before, after in pairwise((current, *way)))


def test_what_was_settled_stays() -> None:
    """The tickets that no mark moves: what is done or closed, and a prank where an agency is at work."""
    stuck = {(current, mark) for current, mark in product(Status, Mark) if way_to(current, mark) is None}
    settled = {(current, mark) for current, mark in product((Status.DONE, Status.CLOSED), Mark)}
    at_work = {(Status.HANDLING, mark) for mark in Mark if mark is not Mark.DUPLICATE}

    assert settled | at_work == stuck
