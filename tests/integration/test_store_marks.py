"""Marks, on each database: what they say of the call and its ticket, and numbers that are marked too often."""

from datetime import timedelta

import pytest

from tests.support.facts import CALLER, OTHER, abandoned, answered, fact, tell
from tests.support.tickets import CONTEXT, SITE, after, report
from tickets.calls.diversions import PrankPolicy, diversions, diverted_now, diverted_until, lift_diversion, lifted_early
from tickets.calls.marks import mark_ticket
from tickets.calls.merging import CallContext
from tickets.database.store import Store
from tickets.errors import IllegalStatusChangeError
from tickets.ticketing import change_status, find, open_ticket
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Mark, Outcome, Status

FIRST, SECOND = "BWI-2026-000001", "BWI-2026-000002"
STRICT = CallContext(SITE, "112", CONTEXT.catalogue, pranks=PrankPolicy(3, timedelta(hours=24)))
HOUR = 3600.0


def mark(store: Store, number: str, what: Mark, seconds: float = 100, original: str | None = None) -> None:
    """Somebody at the desk marks a ticket."""
    with store.transaction() as session:
        mark_ticket(
            session,
            find(session, number),
            what,
            actor="cli:ani",
            at=after(seconds),
            context=CONTEXT,
            original=find(session, original) if original else None,
        )


def stands(store: Store, number: str = FIRST) -> tuple[Status, Outcome | None]:
    """A ticket's status and its call's outcome."""
    with store.reading() as session:
        ticket = find(session, number)
        return ticket.status, ticket.call.outcome if ticket.call else None


def history(store: Store, number: str = FIRST) -> list[tuple[str, str, str]]:
    """Who did what to a ticket."""
    with store.reading() as session:
        return [(event.actor, event.action.value, event.detail) for event in find(session, number).events]


@pytest.mark.parametrize(
    ("what", "status", "outcome"),
    [
        (Mark.PRANK, Status.REJECTED, Outcome.PRANK),
        (Mark.GHOST, Status.REJECTED, Outcome.GHOST),
        (Mark.WRONG_REGION, Status.REJECTED, Outcome.ANSWERED),
        (Mark.DUPLICATE, Status.DUPLICATE, Outcome.ANSWERED),
    ],
)
def test_a_mark_says_what_a_report_was(store: Store, what: Mark, status: Status, outcome: Outcome) -> None:
    """The call's outcome and the ticket's status, and who said so, for ever."""
    tell(store, *answered("1.1"))
    mark(store, FIRST, what)

    assert (status, outcome) == stands(store)
    assert [("cli:ani", "marked", what.value), ("cli:ani", "status_changed", f"new -> {status}: {what}")] == history(
        store
    )[-2:]


def test_a_duplicate_names_what_it_is_one_of(store: Store) -> None:
    """In the history; no report is its own duplicate."""
    tell(store, *answered("1.1"), *answered("1.2", 50, OTHER))
    mark(store, SECOND, Mark.DUPLICATE, original=FIRST)

    assert ("cli:ani", "marked", f"duplicate of {FIRST}") == history(store, SECOND)[-2]
    with pytest.raises(IllegalStatusChangeError, match="itself"):
        mark(store, FIRST, Mark.DUPLICATE, original=FIRST)


def test_a_report_without_a_call_is_marked_too(store: Store) -> None:
    """An SMS may be a prank; no number is diverted for it."""
    with store.transaction() as session:
        open_ticket(session, SITE, report(at=after(0)))
    mark(store, FIRST, Mark.PRANK)

    assert (Status.REJECTED, None) == stands(store)


def test_a_second_thought_takes_the_first_back(store: Store) -> None:
    """By the way that the status table allows, each step in the history."""
    tell(store, *answered("1.1"))
    mark(store, FIRST, Mark.PRANK)
    mark(store, FIRST, Mark.GHOST, 110)
    mark(store, FIRST, Mark.DUPLICATE, 120)

    assert (Status.DUPLICATE, Outcome.ANSWERED) == stands(store)
    assert [
        ("status_changed", "new -> rejected: prank"),
        ("marked", "ghost"),
        ("marked", "duplicate"),
        ("status_changed", "rejected -> verified: duplicate"),
        ("status_changed", "verified -> duplicate: duplicate"),
    ] == [(action, detail) for _, action, detail in history(store)[-5:]]


def test_what_is_done_is_marked_by_nobody(store: Store) -> None:
    """The desk is told, and nothing has changed; a mark by telephone is kept in the history all the same."""
    tell(store, *answered("1.1"))
    with store.transaction() as session:
        for status in (Status.VERIFIED, Status.DONE):
            change_status(session, find(session, FIRST), status, actor="operator:1001", at=after(90))
    with pytest.raises(IllegalStatusChangeError, match="done"):
        mark(store, FIRST, Mark.PRANK)
    assert (Status.DONE, Outcome.ANSWERED) == stands(store)

    tell(store, fact(Kind.MARKED, 100, mark=Mark.PRANK, actor="operator:1001"))
    assert (Status.DONE, Outcome.PRANK) == stands(store)
    assert ("operator:1001", "marked", "prank") == history(store)[-1]


def test_an_older_mark_that_comes_late_changes_nothing(store: Store) -> None:
    """The last one decides, not the last to arrive."""
    tell(store, *answered("1.1"), fact(Kind.MARKED, 110, mark=Mark.DUPLICATE), fact(Kind.MARKED, 100, mark=Mark.PRANK))

    assert (Status.DUPLICATE, Outcome.ANSWERED) == stands(store)


# -- numbers that are marked too often


def pranks(store: Store, count: int, start: float = 0, caller: str | None = CALLER) -> None:
    """So many calls of one number, ten minutes apart, each marked a minute after its end."""
    for index in range(count):
        at = start + index * 600
        call_id = f"p{at:.0f}"
        tell(store, *answered(call_id, at, caller), context=STRICT)
        tell(store, fact(Kind.MARKED, at + 130, call_id, mark=Mark.PRANK, actor="operator:1001"), context=STRICT)


def until(store: Store, seconds: float, number: str = CALLER) -> object:
    """Until when the number is diverted, seen from then."""
    with store.reading() as session:
        return diverted_until(session, number, after(seconds))


def test_so_many_pranks_within_a_day_divert_a_number(store: Store) -> None:
    """From the mark that was one too many, for the hours of the settings."""
    pranks(store, 2)
    before = until(store, 1000)
    pranks(store, 1, 1200)
    end = after(1330 + 24 * HOUR)

    assert (None, end, None) == (before, until(store, 1400), until(store, 1330 + 24 * HOUR))
    with store.reading() as session:
        assert {CALLER: end} == diverted_now(session, after(1400))


def test_a_further_prank_prolongs_it(store: Store) -> None:
    """One diversion, not two."""
    pranks(store, 4)

    assert after(1930 + 24 * HOUR) == until(store, 2000)
    with store.reading() as session:
        assert 1 == len(diversions(session, CALLER))


def test_pranks_of_different_days_do_not_add_up(store: Store) -> None:
    """A child that plays with the phone once a month is no case for it."""
    for day in range(4):
        pranks(store, 1, day * 13 * HOUR)

    assert until(store, 40 * HOUR) is None


@pytest.mark.parametrize("caller", [None, "", "anonymous", "+621121234567", "112"])
def test_a_number_that_many_share_is_never_diverted(store: Store, caller: str | None) -> None:
    """A phone without a SIM shows none, or one that others show too."""
    pranks(store, 5, caller=caller)

    with store.reading() as session:
        assert {} == diverted_now(session, after(3000))


@pytest.mark.parametrize("what", [Mark.WRONG_REGION, Mark.DUPLICATE])
def test_a_second_thought_does_not_count(store: Store, what: Mark) -> None:
    """Only calls that were nobody's need by what is said of them now."""
    pranks(store, 2)
    tell(store, fact(Kind.MARKED, 800, "p0", mark=what), context=STRICT)
    pranks(store, 1, 1200)

    assert until(store, 1400) is None


def test_a_ghost_counts_like_a_prank(store: Store) -> None:
    """A phone that dials by itself again and again keeps the line from others as well."""
    pranks(store, 2)
    tell(store, *answered("1.1", 1200), fact(Kind.MARKED, 1330, mark=Mark.GHOST), context=STRICT)

    assert after(1330 + 24 * HOUR) == until(store, 1400)


def test_a_mark_that_was_wrong_ends_the_diversion_that_it_made(store: Store) -> None:
    """At once, and Redis hears of it; what was marked rightly counts on."""
    pranks(store, 3)
    tell(store, fact(Kind.MARKED, 1500, "p600", mark=Mark.DUPLICATE), context=STRICT)
    corrected = until(store, 1501)
    with store.reading() as session:
        told = lifted_early(session, after(1501))
    pranks(store, 1, 1800)

    assert (None, frozenset({CALLER})) == (corrected, told)
    assert after(1930 + 24 * HOUR) == until(store, 2000)
    with store.reading() as session:
        assert [(None, None), ("correction", after(1500))] == [
            (row.lifted_by, row.lifted_at) for row in diversions(session, CALLER)
        ]


def test_a_mark_that_was_wrong_is_taken_out_of_a_diversion_that_others_made(store: Store) -> None:
    """It ends a day after the last mark that is left; prank or ghost is the same to it."""
    pranks(store, 4)
    tell(store, fact(Kind.MARKED, 2100, "p0", mark=Mark.GHOST), context=STRICT)
    other_word = until(store, 2200)
    tell(store, fact(Kind.MARKED, 2300, "p0", mark=Mark.WRONG_REGION), context=STRICT)
    without_first = until(store, 2400)

    assert (after(2100 + 24 * HOUR), after(1930 + 24 * HOUR)) == (other_word, without_first)
    with store.reading() as session:
        assert 1 == len(diversions(session, CALLER))


def test_what_a_person_lifted_no_correction_brings_back(store: Store) -> None:
    """Nor does it lift a second time."""
    pranks(store, 4)
    with store.transaction() as session:
        lift_diversion(session, CALLER, actor="cli:ani", at=after(2100))
    tell(store, fact(Kind.MARKED, 2200, "p0", mark=Mark.DUPLICATE), context=STRICT)

    assert until(store, 2300) is None
    with store.reading() as session:
        assert ["cli:ani"] == [row.lifted_by for row in diversions(session, CALLER)]


def test_lifted_is_lifted(store: Store) -> None:
    """At once, with who did it; what was marked before counts no more, the next ones do."""
    pranks(store, 3)
    with store.transaction() as session:
        first = lift_diversion(session, CALLER, actor="cli:ani", at=after(1500))
        again = lift_diversion(session, CALLER, actor="cli:ani", at=after(1501))
    pranks(store, 2, 1800)
    after_two = until(store, 3000)
    pranks(store, 1, 3600)

    assert (True, False, None) == (first, again, after_two)
    assert until(store, 3800) is not None
    with store.reading() as session:
        assert [None, "cli:ani"] == [row.lifted_by for row in diversions(session, CALLER)]


def test_an_abandoned_call_that_is_a_prank_is_not_called_back(store: Store) -> None:
    """And counts as one."""
    for index in range(3):
        tell(store, *abandoned(f"1.{index}", index * 600), context=STRICT)
        tell(store, fact(Kind.MARKED, index * 600 + 60, f"1.{index}", mark=Mark.PRANK), context=STRICT)

    assert until(store, 2000) is not None
