"""Facts of many calls in one transaction, on each database: what comes of them is what each alone would have made."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from redis_queue.callbacks import CallbackLine
from siaga112.app import App
from siaga112.parts.call_intake import CallIntake
from siaga112.parts.consuming import FaultyEntryError
from tests.support.configuration import read
from tests.support.facts import CALLER, OTHER, abandoned, answered, fact, lost, tell
from tests.support.redis_server import RedisServer
from tests.support.tickets import CONTEXT, JAKARTA
from tickets.calls.callbacks import CallbackFilter, list_callbacks
from tickets.calls.facts import CallFact
from tickets.calls.merging import CallFilter, list_calls, record_facts
from tickets.database.store import Store
from tickets.ticketing import TicketFilter, list_tickets
from tickets.views import view_call, view_history, view_ticket
from tickets.vocabulary import CallbackState, Mark, Outcome
from tickets.vocabulary import CallFactKind as Kind

CITY = """
[redis]
url = "{redis}"

[store]
url = "sqlite:///{database}"
"""

DAY: tuple[Sequence[CallFact], ...] = (
    answered("1.1"),
    [*abandoned("1.2", 100), fact(Kind.RECORDED, 121, "1.2", caller=CALLER)],
    lost("1.3", 200, OTHER),
    answered("1.4", 300),
    [
        *answered("1.5", 400, OTHER),
        fact(Kind.TRANSFERRED, 420, "1.5", actor="1001", detail="1002"),
        fact(Kind.MARKED, 480, "1.5", mark=Mark.GHOST, actor="1001"),
        fact(Kind.MARKED, 490, "1.5", mark=Mark.PRANK, actor="1002"),
    ],
    [fact(Kind.CHOSEN, 505, "1.6", category="kebakaran"), fact(Kind.ENDED, 520, "1.6", outcome=Outcome.SILENT)],
    [fact(Kind.RECORDED, 600, "1.7", called=CALLER, operator="1001", answered=True)],
    abandoned("1.8", 700, None),
    [fact(Kind.ARRIVED, 800, "1.9 \ud83d" + "x" * 300, caller="+6281234567803")],
)
"""Calls of all sorts, each fact of a call after the one before it."""


def mixed(random: Random) -> list[CallFact]:
    """The facts as they come when all these calls go on at the same time, some of them twice."""
    queues = [[*facts] for facts in DAY]
    mixed = []
    while queues := [queue for queue in queues if queue]:
        one = random.choice(queues).pop(0)
        mixed += [one] * random.choice((1, 1, 1, 2))
    return mixed


def written(store: Store) -> tuple[Sequence[object], ...]:
    """All that the database tells, but for the tickets' numbers."""
    with store.reading() as session:
        calls = [view_call(call, JAKARTA).to_json() | {"ticket": None} for call in list_calls(session, CallFilter())]
        tickets = sorted(list_tickets(session, TicketFilter()), key=lambda ticket: ticket.call_id or "")
        seen = [view_ticket(ticket, JAKARTA).to_json() | {"number": None} for ticket in tickets]
        histories = [view_history(ticket, JAKARTA) for ticket in tickets]
        entries = [
            (entry.number, entry.calls, entry.place, entry.call_id, entry.cut)
            for entry in list_callbacks(session, CallbackFilter())
        ]
    return calls, seen, histories, sorted(entries)


@pytest.mark.parametrize("seed", range(1, 6))
def test_together_as_one_by_one(store: Store, tmp_path: Path, seed: int) -> None:
    """Calls, tickets, their histories and the call-back list are the same, wherever the turns begin and end."""
    random = Random(seed)  # noqa: S311 - no secret
    facts = mixed(random)
    with Store.open(f"sqlite:///{tmp_path / 'alone.db'}") as alone:
        alone.upgrade()
        tell(alone, *facts)
        expected = written(alone)
    while facts:
        count = random.randint(1, 12)
        now, facts = facts[:count], facts[count:]
        with store.transaction() as session:
            record_facts(session, now, CONTEXT)

    assert expected == written(store)


def test_who_called_again_was_on_the_list(store: Store) -> None:
    """A call in vain, the call that answers it, and that number getting through: all at once still are three."""
    back = fact(Kind.RECORDED, 60, "1.2", called=CALLER, operator="1001", answered=False)
    with store.transaction() as session:
        record_facts(session, [*abandoned("1.1"), back, *answered("1.3", 300)], CONTEXT)
    with store.reading() as session:
        returned = {call.id: call.returns for call in list_calls(session, CallFilter())}
        states = [entry.state for entry in list_callbacks(session, CallbackFilter(state=None))]

    assert {"1.1": None, "1.2": "1.1", "1.3": None} == returned
    assert [CallbackState.CLEARED] == states


def test_facts_that_were_known_are_told_again(store: Store) -> None:
    """After a worker that died before it told the phones, and only then: a call that went well is nobody's concern."""
    facts = answered("1.1")
    numbers = []
    for _ in range(2):
        with store.transaction() as session:
            numbers.append(record_facts(session, facts, CONTEXT).numbers)

    assert [frozenset(), {CALLER}] == numbers


@pytest.fixture
def app(redis_server: RedisServer, tmp_path: Path) -> App:
    """A city with a database and a Redis."""
    app = App(read(CITY.format(redis=redis_server.url, database=tmp_path / "city.db")))
    app.store.upgrade()
    return app


def test_a_poisoned_fact_leaves_nothing_behind(app: App) -> None:
    """It is refused with its turn, and nothing of the others is written: they come again, one by one."""
    entries = [one.to_fields() for one in (*abandoned("1.1"), *abandoned("1.2"))]
    with app.store, app.redis:
        with pytest.raises(FaultyEntryError, match="kind: 'no such'"):
            CallIntake(app).handle_all([*entries[:2], entries[2] | {"kind": "no such"}, entries[3]])

        assert ([], [], [], []) == written(app.store)


def test_an_act_among_facts(app: App) -> None:
    """It finds what was told before it: who was called back in vain stands behind who came later."""
    intake = CallIntake(app)
    attempt = {
        "act": "called_back",
        "operator": "1001",
        "number": CALLER,
        "answered": "0",
        "at": "2026-03-01T06:00+00:00",
    }
    first, second = ([one.to_fields() for one in abandoned(*call)] for call in (("1.1", 0, CALLER), ("1.2", 9, OTHER)))
    with app.store, app.redis:
        intake.handle_all([*first, attempt, *second])

        assert (OTHER, CALLER) == CallbackLine(app.redis).numbers()
