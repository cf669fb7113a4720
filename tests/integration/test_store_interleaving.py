"""PostgreSQL lets transactions overlap: the second of two waits for the first, and sees what it did."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.support.postgres import PostgresServer
from tests.support.tickets import CONTEXT, NOON, SITE, part, report, sms
from tickets.calls.caller_locations import Positioned, take_location
from tickets.calls.facts import CallFact
from tickets.calls.merging import record_fact
from tickets.database.store import Store
from tickets.errors import IllegalStatusChangeError
from tickets.messages.inbox import receive
from tickets.messages.parts import add_part
from tickets.ticketing import Location, change_status, find, open_ticket
from tickets.vocabulary import CallFactKind, Status

Result = TypeVar("Result")


@pytest.fixture
def store(postgres_server: PostgresServer) -> Iterator[Store]:
    """A PostgreSQL store with its schema."""
    with Store.open(postgres_server.new_database()) as opened:
        opened.upgrade()
        yield opened


def overlap(store: Store, first: Callable[[Session], object], second: Callable[[Session], Result]) -> Result:
    """Run `second` while the transaction of `first` is open, which ends once the second waits for it or is through."""

    def work() -> Result:
        with store.transaction() as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with store.transaction() as session:
            first(session)
            future = pool.submit(work)
            until_waiting(session, future)
        return future.result()


def until_waiting(session: Session, future: Future[Result]) -> None:
    """Return when a transaction of the server waits for a lock, or the work is through without having to."""
    while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        if future in wait([future], timeout=0.01).done:
            return


def test_two_operators_verify_the_same_ticket(store: Store) -> None:
    """The second is refused, though the ticket was new when it looked."""
    with store.transaction() as session:
        number = open_ticket(session, SITE, report()).number

    def verify(session: Session) -> None:
        change_status(session, find(session, number), Status.VERIFIED, actor="operator:1001", at=NOON)

    with pytest.raises(IllegalStatusChangeError):
        overlap(store, verify, verify)
    with store.reading() as session:
        assert len(find(session, number).events) == 2


def test_the_last_two_parts_are_added_together(store: Store) -> None:
    """One of the two writers gets the whole message."""
    whole = overlap(store, lambda session: add_part(session, part(1)), lambda session: add_part(session, part(2)))

    assert whole == (part(1), part(2))


def test_the_same_message_is_received_together(store: Store) -> None:
    """The second writer learns that it is there."""
    assert overlap(store, lambda session: receive(session, sms()), lambda session: receive(session, sms())) is None


def test_a_message_whose_first_receiver_fails_is_the_second_s(store: Store) -> None:
    """A message that was only about to be kept is not taken for kept."""

    def first(session: Session) -> None:
        nested = session.begin_nested()
        receive(session, sms())
        nested.rollback()

    assert overlap(store, first, lambda session: receive(session, sms())) is not None


def test_two_tickets_are_opened_together(store: Store) -> None:
    """The second number follows the first."""
    second = overlap(
        store,
        lambda session: open_ticket(session, SITE, report()),
        lambda session: open_ticket(session, SITE, report()).number,
    )

    assert second == "BWI-2026-000002"


def place(session: Session) -> None:
    """The caller's phone says where it is."""
    found = Positioned(
        number="+6281",
        location=Location(-8.2, 114.3, 12),
        positioned_at=NOON,
        received_at=NOON,
        method="gnss",
        confidence=68,
    )
    take_location(session, found, now=NOON)


def rings(session: Session) -> None:
    """The caller's call rings at an operator's."""
    record_fact(session, CallFact(call_id="c1", kind=CallFactKind.ROUTED, at=NOON, caller="+6281"), CONTEXT)


@pytest.mark.parametrize(("first", "second"), [(place, rings), (rings, place)])
def test_a_call_and_its_place_come_together(
    store: Store, first: Callable[[Session], None], second: Callable[[Session], None]
) -> None:
    """Whoever is second sees the other: the ticket has the place."""
    overlap(store, first, second)
    with store.reading() as session:
        assert find(session, "BWI-2026-000001").latitude == -8.2


def test_two_facts_of_a_caller_without_a_number_come_together(store: Store) -> None:
    """Whoever is second sees the ticket that the first has opened: a call has one."""
    with store.transaction() as session:
        record_fact(session, CallFact(call_id="c1", kind=CallFactKind.ARRIVED, at=NOON), CONTEXT)

    def told(kind: CallFactKind) -> Callable[[Session], object]:
        return lambda session: record_fact(session, CallFact(call_id="c1", kind=kind, at=NOON), CONTEXT)

    overlap(store, told(CallFactKind.CHOSEN), told(CallFactKind.ANSWERED))
    with store.reading() as session:
        assert find(session, "BWI-2026-000001").call_id == "c1"
