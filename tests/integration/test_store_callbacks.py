"""The call-back list, on each database: who called in vain is on it once, until somebody spoke with them."""

from itertools import permutations

import pytest

from tests.support.facts import CALLER, OTHER, abandoned, answered, fact, lost, tell
from tests.support.tickets import JAKARTA, after
from tickets.calls.callback_views import view_callback
from tickets.calls.callbacks import (
    CallbackFilter,
    clear_callback,
    list_callbacks,
    places_in_line,
    record_attempt,
    waiting_callback,
)
from tickets.calls.caller_locations import Positioned, take_location
from tickets.calls.facts import CallFact
from tickets.database.store import Store
from tickets.errors import UnknownCallbackError
from tickets.ticketing import Location, find
from tickets.vocabulary import CallbackState, Mark, Outcome
from tickets.vocabulary import CallFactKind as Kind


def listed(store: Store, state: CallbackState | None = CallbackState.WAITING) -> list[dict[str, object]]:
    """The list as the outside sees it."""
    with store.reading() as session:
        rows = list_callbacks(session, CallbackFilter(state=state))
        return [view_callback(row, JAKARTA).to_json() for row in rows]


def waiting(store: Store) -> list[tuple[object, object]]:
    """Who is to be called, and how often they called, first to call first."""
    return [(row["number"], row["calls"]) for row in listed(store)]


def test_an_abandoned_call_is_listed(store: Store) -> None:
    """With everything that whoever calls back wants to know."""
    with store.transaction() as session:
        place = Positioned(
            number=CALLER,
            location=Location(-8.2, 114.3, 12.0),
            positioned_at=after(1),
            received_at=after(1),
            method="GNSS",
            confidence=90,
        )
        take_location(session, place, now=after(1))
    tell(store, *abandoned("1.1"))

    assert [
        {
            "id": 1,
            "number": CALLER,
            "calls": 1,
            "first_at": "2026-03-01T12:00:00.000+07:00",
            "last_at": "2026-03-01T12:00:00.000+07:00",
            "place": None,
            "location": {"lat": -8.2, "lon": 114.3, "radius": 12.0},
            "ticket": "BWI-2026-000001",
            "state": "waiting",
            "cut": False,
            "attempts": 0,
            "tried_at": None,
            "cleared_at": None,
            "cleared_by": None,
        }
    ] == listed(store)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(abandoned("1.1"), id="hung up"),
        pytest.param([fact(Kind.ROUTED, 0, fallback=True), fact(Kind.ENDED, 60, caller=CALLER)], id="nobody took it"),
        pytest.param(
            [fact(Kind.CHOSEN, 5, outcome=Outcome.SILENT), fact(Kind.ENDED, 60, caller=CALLER)], id="silent, gone"
        ),
        pytest.param(lost("1.1"), id="cut off in the middle of a conversation"),
        pytest.param([fact(Kind.RECORDED, 20, caller=CALLER)], id="only Asterisk's own record"),
    ],
)
def test_each_call_in_vain_counts(store: Store, facts: list[CallFact]) -> None:
    """Whatever was the reason."""
    tell(store, *facts)

    assert [(CALLER, 1)] == waiting(store)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(abandoned("1.1")[:1], id="goes on"),
        pytest.param(answered("1.1"), id="answered"),
        pytest.param([*abandoned("1.1"), fact(Kind.MARKED, 90, mark=Mark.PRANK)], id="marked by a person"),
        pytest.param(abandoned("1.1", caller=None), id="no number"),
        pytest.param(abandoned("1.1", caller="anonymous"), id="a word"),
        pytest.param(abandoned("1.1", caller="+621121234567"), id="what a phone without SIM shows"),
        pytest.param(abandoned("1.1", caller="1708"), id="a service"),
        pytest.param(
            [*answered("1.1"), fact(Kind.TRANSFERRED, 60, outcome=Outcome.TRANSFERRED)], id="led on to a neighbour"
        ),
    ],
)
def test_nobody_else_is_listed(store: Store, facts: list[CallFact]) -> None:
    """Nobody is called who was spoken with, and no number that is not the caller's own."""
    tell(store, *facts)

    assert [] == waiting(store)


def test_a_number_is_there_once(store: Store) -> None:
    """Its calls are counted; its place is that of the first."""
    tell(store, *abandoned("1.1"), *abandoned("1.2", 30, OTHER), *abandoned("1.3", 60), *abandoned("1.3", 60))

    assert [(CALLER, 2), (OTHER, 1)] == waiting(store)
    assert ["2026-03-01T12:00:00.000+07:00", "2026-03-01T12:01:00.000+07:00"] == [
        listed(store)[0][name] for name in ("first_at", "last_at")
    ]


def test_who_was_cut_off_is_first(store: Store) -> None:
    """They were being helped when the line went dead; among each other they keep their order."""
    tell(store, *abandoned("1.1", 0, "+6281234567803"), *lost("1.2", 100), *lost("1.3", 50, OTHER))

    assert [OTHER, CALLER, "+6281234567803"] == [number for number, _ in waiting(store)]
    with store.reading() as session:
        assert [OTHER, CALLER, "+6281234567803"] == sorted(
            places_in_line(session), key=lambda number: places_in_line(session)[number]
        )


def test_who_gets_through_later_is_off(store: Store) -> None:
    """By a call that was answered after the last one in vain."""
    tell(store, *abandoned("1.1"), *abandoned("1.2", 30), *answered("1.3", 100))

    assert [] == waiting(store)
    assert [("cleared", "call", "2026-03-01T12:01:50.000+07:00")] == [
        (row["state"], row["cleared_by"], row["cleared_at"]) for row in listed(store, None)
    ]


def test_who_calls_in_vain_again_is_there_again(store: Store) -> None:
    """An entry of its own: what was before is done with."""
    tell(store, *abandoned("1.1"), *answered("1.2", 100), *abandoned("1.3", 300))

    assert [(CALLER, 1)] == waiting(store)
    assert ["waiting", "cleared"] == [row["state"] for row in listed(store, None)]


def test_facts_in_any_order_give_the_same_list(store: Store) -> None:
    """Asterisk's own record may tell of an abandoned call when the caller has long been answered, and the reverse."""
    first, second, third = abandoned("a")[-1], answered("b", 100)[1], abandoned("c", 300)[-1]
    found = []
    for index, order in enumerate(permutations([first, second, third])):
        number = f"+62812345679{index:02d}"
        for one in order:
            told = one.to_fields() | {"call_id": f"{one.call_id}-{index}", "caller": number}
            tell(store, CallFact.from_fields(told))
        found += [(number, 1)]

    assert sorted(found) == sorted(waiting(store))


def test_an_end_that_was_seen_after_all_takes_back_the_loss(store: Store) -> None:
    """A call that was taken for lost and had been answered and ended is no reason to call back."""
    tell(store, *lost("1.1"), fact(Kind.RECORDED, 70, caller=CALLER, answered_at=after(10)))

    assert [] == waiting(store)


def test_a_number_that_comes_late_is_listed(store: Store) -> None:
    """The caller may be told only by the record of a call that is known already."""
    tell(store, *abandoned("1.1", caller=None))
    before = waiting(store)
    tell(store, fact(Kind.RECORDED, 20, caller=CALLER))

    assert ([], [(CALLER, 1)]) == (before, waiting(store))


def test_a_person_clears_an_entry(store: Store) -> None:
    """It is kept, with who did it, also in the ticket's history; cleared twice is told."""
    tell(store, *abandoned("1.1"))
    with store.transaction() as session:
        entry = clear_callback(session, 1, actor="operator:1001", at=after(500))
        ticket = entry.call.ticket
        assert ticket is not None
        history = [(event.actor, event.action.value, event.detail) for event in ticket.events]

    assert ("operator:1001", "called_back", "cleared") == history[-1]
    assert [("cleared", "operator:1001")] == [(row["state"], row["cleared_by"]) for row in listed(store, None)]
    with store.transaction() as session, pytest.raises(UnknownCallbackError):
        clear_callback(session, 1, actor="operator:1001", at=after(501))


def test_a_fact_that_comes_after_a_person_cleared_changes_nothing(store: Store) -> None:
    """The same call's record, read a second time, puts nobody back."""
    tell(store, *abandoned("1.1"))
    with store.transaction() as session:
        clear_callback(session, 1, actor="operator:1001", at=after(500))
    tell(store, fact(Kind.RECORDED, 21, caller=CALLER))

    assert [] == waiting(store)


def test_who_does_not_answer_goes_behind_the_others(store: Store) -> None:
    """Also who was cut off; the attempt is counted once, however often it is told."""
    tell(store, *lost("1.1"), *abandoned("1.2", 100, OTHER))
    for _ in range(2):
        with store.transaction() as session:
            record_attempt(session, CALLER, answered=False, actor="operator:1001", at=after(600))
    tell(store, fact(Kind.RECORDED, 121, "1.2", caller=OTHER))

    assert [(OTHER, 0), (CALLER, 1)] == [(row["number"], row["attempts"]) for row in listed(store)]


def called_out(start: float, end: float, answered: float | None = None, call_id: str = "1.9") -> CallFact:
    """The record of an operator's call to CALLER."""
    return fact(
        Kind.RECORDED,
        end,
        call_id,
        called=CALLER,
        operator="1001",
        started_at=after(start),
        answered=answered is not None,
        answered_at=None if answered is None else after(answered),
        outcome=Outcome.UNANSWERED if answered is None else None,
    )


def history(store: Store) -> list[tuple[str, str]]:
    """Who did what, by the ticket of the first call in vain."""
    with store.reading() as session:
        return [(event.actor, event.detail) for event in find(session, "BWI-2026-000001").events][1:]


def test_a_call_back_that_only_the_record_tells_of_is_done(store: Store) -> None:
    """As if the switchboard had told it; who called in vain during that talk is on the list, in whatever order."""
    tell(store, *abandoned("1.1"), called_out(600, 700, answered=610))
    off = waiting(store)
    tell(store, *abandoned("1.2", 650))

    assert ([], [(CALLER, 1)]) == (off, waiting(store))
    assert [("operator:1001", "answered")] == history(store)
    assert [("cleared", "operator:1001", 1)] == [
        (row["state"], row["cleared_by"], row["attempts"]) for row in listed(store, CallbackState.CLEARED)
    ]


def test_a_call_in_vain_that_is_told_after_the_call_back_is_not_listed(store: Store) -> None:
    """Somebody has spoken with them since."""
    tell(store, called_out(600, 700, answered=610), *abandoned("1.1"))

    assert [] == waiting(store)


def test_an_attempt_that_only_the_record_tells_of_is_counted(store: Store) -> None:
    """Once, and the number goes behind the others."""
    tell(store, *abandoned("1.1"), *abandoned("1.2", 100, OTHER), *[called_out(600, 630)] * 2)

    assert [(OTHER, 0), (CALLER, 1)] == [(row["number"], row["attempts"]) for row in listed(store)]
    assert [("operator:1001", "no answer")] == history(store)


@pytest.mark.parametrize("answered", [None, 610.0])
@pytest.mark.parametrize("record_first", [False, True])
def test_an_attempt_that_both_tell_of_is_one(store: Store, answered: float | None, record_first: bool) -> None:
    """The switchboard says it when it hears it, the record when it was; either may come first."""
    tell(store, *abandoned("1.1"))
    if record_first:
        tell(store, called_out(600, 630, answered))
    with store.transaction() as session:
        at = after((answered or 630) + 0.2)
        record_attempt(session, CALLER, answered=answered is not None, actor="operator:1001", at=at)
    if not record_first:
        tell(store, called_out(600, 630, answered))

    assert [1] == [row["attempts"] for row in listed(store, None)]
    assert 1 == len(history(store))


def test_a_call_out_from_before_is_no_attempt(store: Store) -> None:
    """Its record may be read late; a number that nobody waits for gets no entry by being called."""
    tell(store, *abandoned("1.1", 1000), called_out(600, 630))
    with_entry = [row["attempts"] for row in listed(store)]
    tell(store, *answered("1.2", 2000), called_out(3000, 3030, call_id="1.8"))

    assert ([0], []) == (with_entry, waiting(store))


def test_who_answers_the_call_back_is_off(store: Store) -> None:
    """And a word about a number that nobody waits for changes nothing."""
    tell(store, *abandoned("1.1"))
    with store.transaction() as session:
        record_attempt(session, CALLER, answered=True, actor="operator:1001", at=after(600))
        nobody = record_attempt(session, OTHER, answered=True, actor="operator:1001", at=after(600))

    assert ([], None) == (waiting(store), nobody)
    with store.reading() as session:
        assert waiting_callback(session, CALLER) is None
