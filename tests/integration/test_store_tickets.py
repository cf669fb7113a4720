"""Tickets, on each database."""

from datetime import UTC, datetime

import pytest

from tests.support.tickets import JAKARTA, NOON, SITE, after, report, sms
from tickets.database.store import Store
from tickets.errors import IllegalStatusChangeError, UnknownTicketError
from tickets.messages.inbox import mark_handled, receive
from tickets.ticketing import Location, TicketFilter, change_status, find, list_tickets, open_ticket
from tickets.views import view_ticket
from tickets.vocabulary import Channel, Kind, Status, TicketAction


def test_a_ticket_is_seen_as_it_was_reported(store: Store) -> None:
    """Every field of the public surface, times with the city's offset."""
    with store.transaction() as session:
        new = report("Api!\nTolong 🚒", place="Pasar Genteng", location=Location(-8.36, 114.15, 25.0), language="id")
        ticket = open_ticket(session, SITE, new)
        message = receive(session, sms(text="Api!\nTolong 🚒"))
        assert message is not None
        mark_handled(message, ticket, actor="sms", at=after(1))

    with store.reading() as session:
        expected = {
            "number": "BWI-2026-000001",
            "channel": "sms",
            "kind": "emergency",
            "category": "kebakaran",
            "priority": 1,
            "status": "new",
            "agencies": ["damkar", "bpbd"],
            "reporter": "+628123450099",
            "text": "Api!\nTolong 🚒",
            "place": "Pasar Genteng",
            "location": {"lat": -8.36, "lon": 114.15, "radius": 25.0},
            "language": "id",
            "created_at": "2026-03-01T12:00:00.000+07:00",
            "updated_at": "2026-03-01T12:00:01.000+07:00",
            "call_id": None,
            "message_ids": [message.id],
        }

        assert expected == view_ticket(find(session, "bwi-2026-000001 "), JAKARTA).to_json()


def test_the_number_has_the_city_s_year(store: Store) -> None:
    """New Year's Eve in London is New Year's Day in Banyuwangi, and each year counts from one."""
    evening = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    with store.transaction() as session:
        numbers = [open_ticket(session, SITE, report(at=at)).number for at in (evening, midnight, midnight)]

    assert numbers == ["BWI-2026-000001", "BWI-2027-000001", "BWI-2027-000002"]


@pytest.mark.parametrize(
    ("priority", "told", "kind"),
    [
        (1, None, Kind.EMERGENCY),
        (2, None, Kind.COMPLAINT),
        (3, None, Kind.COMPLAINT),
        (3, Kind.INFORMATION, Kind.INFORMATION),
    ],
)
def test_the_kind_follows_from_the_priority(store: Store, priority: int, told: Kind | None, kind: Kind) -> None:
    """Unless somebody said that it is a question."""
    with store.transaction() as session:
        ticket = open_ticket(session, SITE, report(priority=priority, kind=told))

    assert kind == ticket.kind


def test_a_rolled_back_ticket_leaves_nothing(store: Store) -> None:
    """What raises within a transaction was never there; its number is used again."""
    with pytest.raises(ZeroDivisionError), store.transaction() as session:
        open_ticket(session, SITE, report())
        raise ZeroDivisionError
    with store.transaction() as session:
        ticket = open_ticket(session, SITE, report())

    assert ticket.number == "BWI-2026-000001"


def test_an_unknown_number_is_told(store: Store) -> None:
    """With the number that was looked for."""
    with pytest.raises(UnknownTicketError, match="'BWI-2026-999999'"), store.reading() as session:
        find(session, "bwi-2026-999999")


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        (TicketFilter(), ["d", "c", "b", "a"]),
        (TicketFilter(limit=2), ["d", "c"]),
        (TicketFilter(channel=Channel.WEB), ["c", "b"]),
        (TicketFilter(category="binatang"), ["d", "b"]),
        (TicketFilter(channel=Channel.WEB, category="binatang"), ["b"]),
        (TicketFilter(status=Status.VERIFIED), ["a"]),
        (TicketFilter(since=after(20)), ["d", "c"]),
    ],
)
def test_listing(store: Store, wanted: TicketFilter, texts: list[str]) -> None:
    """Newest first, and only what was asked for."""
    with store.transaction() as session:
        first = open_ticket(session, SITE, report("a", after(0)))
        open_ticket(session, SITE, report("b", after(10), channel=Channel.WEB, category="binatang"))
        open_ticket(session, SITE, report("d", after(30), category="binatang"))
        open_ticket(session, SITE, report("c", after(20), channel=Channel.WEB))
        change_status(session, first, Status.VERIFIED, actor="operator:1001", at=after(40))

    with store.reading() as session:
        assert texts == [ticket.text for ticket in list_tickets(session, wanted)]


def test_history_says_who_did_what(store: Store) -> None:
    """Each change is a line with its time, actor and detail."""
    with store.transaction() as session:
        ticket = open_ticket(session, SITE, report())
        change_status(session, ticket, Status.DISPATCHED, actor="operator:1001", at=after(9), note="damkar 1")

    with store.reading() as session:
        ticket = find(session, "BWI-2026-000001")
        lines = [(event.at, event.actor, event.action, event.detail) for event in ticket.events]
        assert lines == [
            (NOON, "sms", TicketAction.OPENED, "sms kebakaran"),
            (after(9), "operator:1001", TicketAction.STATUS_CHANGED, "new -> dispatched: damkar 1"),
        ]
        assert (Status.DISPATCHED, after(9)) == (ticket.status, ticket.updated_at)


def test_an_illegal_change_changes_nothing(store: Store) -> None:
    """A new ticket cannot be closed; status, time and history stay."""
    with store.transaction() as session:
        ticket = open_ticket(session, SITE, report())
        with pytest.raises(IllegalStatusChangeError):
            change_status(session, ticket, Status.CLOSED, actor="operator:1001", at=after(9))

    with store.reading() as session:
        ticket = find(session, "BWI-2026-000001")
        assert (ticket.status, ticket.updated_at, len(ticket.events)) == (Status.NEW, NOON, 1)
