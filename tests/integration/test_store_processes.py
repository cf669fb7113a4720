"""Several processes on one store: nothing is lost, nothing is done twice."""

from tests.support.store_workers import (
    add_parts,
    at_once,
    claim_all,
    open_many,
    receive_same,
    record_facts,
    verify,
)
from tests.support.tickets import NOON, SITE, report
from tickets.calls.merging import CallFilter, list_calls
from tickets.database.store import Store
from tickets.messages.outbox import OutgoingMessage, queue_outgoing
from tickets.ticketing import TicketFilter, find, list_tickets, open_ticket
from tickets.vocabulary import TicketAction


def test_ticket_numbers_are_unique_and_without_gaps(store: Store, store_url: str) -> None:
    """Eighty tickets of four processes have the numbers 1 to 80, though each process also took some back."""
    numbers = [number for own in at_once(open_many, store_url, 4) for number in own]

    assert [f"BWI-2026-{n:06d}" for n in range(1, 81)] == sorted(numbers)


def test_a_message_that_all_receive_is_new_to_one(store: Store, store_url: str) -> None:
    """The unique key decides, also between processes."""
    assert sum(at_once(receive_same, store_url, 4)) == 40


def test_a_status_is_changed_by_one_only(store: Store, store_url: str) -> None:
    """Of four operators who verify the same new ticket one succeeds, and the history has one line of it."""
    with store.transaction() as session:
        open_ticket(session, SITE, report())

    assert sorted(at_once(verify, store_url, 4)) == [False, False, False, True]
    with store.reading() as session:
        actions = [event.action for event in find(session, "BWI-2026-000001").events]
        assert actions == [TicketAction.OPENED, TicketAction.STATUS_CHANGED]


def test_facts_from_everywhere_make_one_ticket_a_call(store: Store, store_url: str) -> None:
    """Four processes that tell of the same twenty calls, each in another order, leave twenty calls and tickets."""
    at_once(record_facts, store_url, 4)

    with store.reading() as session:
        calls = list_calls(session, CallFilter())
        tickets = list_tickets(session, TicketFilter())
        assert (len(calls), len(tickets)) == (20, 20)
        assert {"kebakaran"} == {ticket.category for ticket in tickets}
        assert {call.id for call in calls} == {ticket.call_id for ticket in tickets}


def test_parts_from_several_modems_complete_once(store: Store, store_url: str) -> None:
    """When the four parts of a message are written by four processes, exactly one of them gets the whole."""
    assert sum(at_once(add_parts, store_url, 4)) == 30


def test_an_outgoing_message_is_claimed_once(store: Store, store_url: str) -> None:
    """No reply is sent twice because two processes looked at the same moment."""
    with store.transaction() as session:
        ids = [
            queue_outgoing(session, OutgoingMessage(modem="telkomsel-1", to="+62811", text=str(n), at=NOON)).id
            for n in range(40)
        ]

    assert ids == sorted(claimed for own in at_once(claim_all, store_url, 3) for claimed in own)
