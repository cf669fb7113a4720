"""Calls, on each database: facts in any order make one call and one ticket."""

from itertools import permutations
from typing import Any

import pytest

from tests.support.facts import CALLER, abandoned
from tests.support.tickets import CONTEXT, JAKARTA, SITE, after
from tickets.calls.callbacks import record_attempt
from tickets.calls.facts import CallFact
from tickets.calls.merging import CallContext, CallFilter, list_calls, record_fact
from tickets.classification import Catalogue, Classification
from tickets.database.store import Store
from tickets.ticketing import TicketFilter, change_status, find, list_tickets
from tickets.views import view_call, view_ticket
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Direction, Outcome, Status

CALL = "1772341200.7"


def fact(kind: Kind, seconds: float, call_id: str = CALL, **seen: Any) -> CallFact:
    """A fact of the call that these tests tell of."""
    return CallFact(call_id=call_id, kind=kind, at=after(seconds), **seen)


ARRIVED = fact(Kind.ARRIVED, 0, caller="+6281", trunk="telkom-a", did="112")
CHOSEN = fact(Kind.CHOSEN, 5, category="kebakaran", language="id")
ROUTED = fact(Kind.ROUTED, 6, operator="1001")
ANSWERED = fact(Kind.ANSWERED, 9, operator="1001")
ENDED = fact(Kind.ENDED, 60, caller="6281")


def tell(store: Store, *facts: CallFact, context: CallContext = CONTEXT) -> None:
    """Record each fact in a transaction of its own."""
    for one in facts:
        with store.transaction() as session:
            record_fact(session, one, context)


def seen(store: Store) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """All calls and all tickets, as the outside sees them."""
    with store.reading() as session:
        calls = [view_call(call, JAKARTA).to_json() for call in list_calls(session, CallFilter())]
        tickets = [view_ticket(ticket, JAKARTA).to_json() for ticket in list_tickets(session, TicketFilter())]
    return calls, tickets


def test_a_call_is_seen_as_it_went(store: Store) -> None:
    """Every field of the public surface, of the call and of its ticket."""
    tell(store, ARRIVED, CHOSEN, ROUTED, ANSWERED, ENDED)
    calls, tickets = seen(store)

    assert calls == [
        {
            "id": CALL,
            "direction": "in",
            "caller": "+6281",
            "called": None,
            "trunk": "telkom-a",
            "started_at": "2026-03-01T12:00:00.000+07:00",
            "answered_at": "2026-03-01T12:00:09.000+07:00",
            "ended_at": "2026-03-01T12:01:00.000+07:00",
            "operator": "1001",
            "category": "kebakaran",
            "outcome": "answered",
            "ticket": "BWI-2026-000001",
        }
    ]
    assert tickets == [
        {
            "number": "BWI-2026-000001",
            "channel": "call",
            "kind": "emergency",
            "category": "kebakaran",
            "priority": 1,
            "status": "new",
            "agencies": ["damkar"],
            "reporter": "+6281",
            "text": "Panggilan 112: Kebakaran",
            "place": None,
            "location": None,
            "language": "id",
            "created_at": "2026-03-01T12:00:00.000+07:00",
            "updated_at": "2026-03-01T12:00:00.000+07:00",
            "call_id": CALL,
            "message_ids": [],
        }
    ]


def test_any_order_and_repetition_give_the_same(store: Store) -> None:
    """All orders of four facts, each told twice, give the same call, and one ticket each with the same content."""
    orders = list(permutations([ARRIVED, CHOSEN, ANSWERED, ENDED]))
    for index, order in enumerate(orders):
        told = [CallFact.from_fields(one.to_fields() | {"call_id": f"call-{index}"}) for one in order]
        tell(store, *told, *told)
    calls, tickets = seen(store)

    assert len(orders) == len(calls) == len(tickets)
    varying = {"id", "ticket", "number", "created_at", "updated_at", "call_id", "reporter"}
    contents = [{key: value for key, value in row.items() if key not in varying} for row in calls + tickets]
    assert [contents[0]] * len(orders) + [contents[-1]] * len(orders) == contents


def test_an_arrival_alone_opens_no_ticket(store: Store) -> None:
    """The call is listed, the console is not filled with calls that ring for a second."""
    tell(store, ARRIVED)
    calls, tickets = seen(store)

    assert [(call["ticket"], call["outcome"]) for call in calls] == [(None, None)]
    assert tickets == []


@pytest.mark.parametrize("second", [CHOSEN, ROUTED, ANSWERED, ENDED, fact(Kind.RECORDED, 60)])
def test_whatever_follows_opens_it(store: Store, second: CallFact) -> None:
    """A choice, a ringing phone, an answer, the end, or the CDR file alone."""
    tell(store, ARRIVED, second)
    _, tickets = seen(store)

    assert [ticket["call_id"] for ticket in tickets] == [CALL]


def test_who_chose_nothing_comes_first(store: Store) -> None:
    """Without a choice the ticket is `lainnya` with priority 1: that caller may be worst off."""
    tell(store, ARRIVED, ROUTED)
    _, (ticket,) = seen(store)

    assert tuple(ticket[key] for key in ("category", "priority", "kind", "agencies", "text")) == (
        "lainnya",
        1,
        "emergency",
        ["kominfo"],
        "Panggilan 112: kategori belum dipilih",
    )


def test_a_city_without_lainnya_takes_its_last_category(store: Store) -> None:
    """Also for a category that the city no longer has."""
    catalogue = Catalogue((Classification("a", "A", 2, ()), Classification("z", "Z", 3, ("polresta",))))
    tell(store, fact(Kind.CHOSEN, 1, category="gone"), context=CallContext(SITE, "112", catalogue))
    _, (ticket,) = seen(store)

    assert (ticket["category"], ticket["priority"], ticket["agencies"]) == ("z", 1, ["polresta"])


def test_a_choice_that_comes_late_updates_a_new_ticket(store: Store) -> None:
    """The worker may hear of the ringing phone before it hears of the key."""
    tell(store, ARRIVED, ROUTED, fact(Kind.CHOSEN, 5, category="binatang"))
    _, (ticket,) = seen(store)

    assert tuple(ticket[key] for key in ("category", "priority", "kind", "agencies", "text")) == (
        "binatang",
        2,
        "complaint",
        ["damkar", "bpbd"],
        "Panggilan 112: Gangguan binatang",
    )


def test_a_choice_that_comes_late_leaves_a_ticket_that_is_worked_on(store: Store) -> None:
    """What a person has verified is not changed behind their back."""
    tell(store, ARRIVED, ROUTED)
    with store.transaction() as session:
        ticket = find(session, "BWI-2026-000001")
        change_status(session, ticket, Status.VERIFIED, actor="operator:1001", at=after(20))
    tell(store, CHOSEN)
    calls, (seen_ticket,) = seen(store)

    assert (calls[0]["category"], seen_ticket["category"]) == ("kebakaran", "lainnya")


def test_a_chosen_lainnya_is_not_an_unchosen_one(store: Store) -> None:
    """Who presses the key for "other" gets that category's own priority, also when the key comes late."""
    tell(store, ARRIVED, ROUTED, fact(Kind.CHOSEN, 5, category="lainnya"))
    _, (ticket,) = seen(store)

    assert (ticket["priority"], ticket["text"]) == (3, "Panggilan 112: Lainnya")


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (CallFilter(), ["c", "b", "a"]),
        (CallFilter(limit=1), ["c"]),
        (CallFilter(outcome=Outcome.ABANDONED), ["b", "a"]),
        (CallFilter(since=after(10)), ["c", "b"]),
    ],
)
def test_listing(store: Store, wanted: CallFilter, ids: list[str]) -> None:
    """Newest first, and only what was asked for."""
    tell(store, fact(Kind.ENDED, 0, "a"), fact(Kind.ENDED, 20, "c", answered=True), fact(Kind.ENDED, 10, "b"))

    with store.reading() as session:
        assert ids == [call.id for call in list_calls(session, wanted)]


def test_a_hostile_caller_is_only_data(store: Store) -> None:
    """NUL, half an emoji and a kilobyte in what the trunk sent: the call and its ticket exist, twice told once kept."""
    wild = fact(Kind.ENDED, 1, call_id="x\0" + "9" * 3000, caller="'; DROP TABLE calls;--\ud83d" + "9" * 5000)
    tell(store, wild, wild)
    calls, tickets = seen(store)

    assert [len(str(call["id"])) for call in calls] == [200]
    assert [calls[0]["caller"]] == [ticket["reporter"] for ticket in tickets]


def test_a_call_back_is_a_call_of_its_own(store: Store) -> None:
    """It is about the ticket of the call in vain, makes none, and is found by its direction; so is one to an agency."""
    out = fact(Kind.RECORDED, 200, "1.2", called=CALLER, operator="1001", answered=True, started_at=after(100))
    agency = fact(Kind.RECORDED, 300, "1.3", called="113", operator="1001", outcome=Outcome.UNANSWERED)
    tell(store, *abandoned("1.1"), out, agency)
    with store.reading() as session:
        went = [view_call(call, JAKARTA) for call in list_calls(session, CallFilter(direction=Direction.OUT))]
        came = [call.id for call in list_calls(session, CallFilter(direction=Direction.IN))]
    (ticket,) = seen(store)[1]

    assert ["1.1"] == came
    assert [("113", "1001", "unanswered", None), (CALLER, "1001", "answered", ticket["number"])] == [
        (call.called, call.operator, call.outcome, call.ticket) for call in went
    ]
    assert [None, None] == [call.caller for call in went]


def test_a_call_back_that_was_answered_first_finds_its_ticket(store: Store) -> None:
    """The list is cleared when somebody answers, and the record comes at the end; a later call is none of it."""
    tell(store, *abandoned("1.1"))
    with store.transaction() as session:
        record_attempt(session, CALLER, answered=True, actor="operator:1001", at=after(110))
    ends = {"1.2": (100, 200), "1.3": (400, 500)}
    for call_id, (start, end) in ends.items():
        tell(store, fact(Kind.RECORDED, end, call_id, called=CALLER, operator="1001", started_at=after(start)))
    with store.reading() as session:
        calls = {call.id: view_call(call, JAKARTA).ticket for call in list_calls(session, CallFilter())}

    assert {"1.1": calls["1.1"], "1.2": calls["1.1"], "1.3": None} == calls
