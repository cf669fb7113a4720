"""Messages that come, on each database: kept once, handled, dead, revived."""

from datetime import datetime

import pytest

from tests.support.tickets import JAKARTA, NOON, SITE, after, report, sms
from tickets.database.store import Store
from tickets.errors import UnknownMessageError
from tickets.messages.inbox import DeadMessage, bury, mark_handled, receive, revive
from tickets.messages.lookup import MessageFilter, find_message, list_messages
from tickets.messages.outbox import OutgoingMessage, queue_outgoing
from tickets.ticketing import find, open_ticket
from tickets.views import view_message
from tickets.vocabulary import Channel, Direction, MessageState, TicketAction


def dead(key: str = "k1", at: datetime = NOON) -> DeadMessage:
    """A PDU that nobody can read."""
    return DeadMessage(
        key=key, channel=Channel.SMS, modem="telkomsel-1", pdu="0791ZZ", reason="not hexadecimal: 'Z'", at=at
    )


def shown(store: Store, wanted: MessageFilter | None = None) -> list[dict[str, object]]:
    """Messages as the outside sees them."""
    with store.reading() as session:
        found = list_messages(session, wanted or MessageFilter())
        return [view_message(message, JAKARTA).to_json() for message in found]


def test_a_message_is_seen_as_it_came(store: Store) -> None:
    """Every field of the public surface; `pdu` and `reason` are for dead ones."""
    with store.transaction() as session:
        message = receive(session, sms())
        assert message is not None
        mark_handled(message, open_ticket(session, SITE, report()), actor="sms", at=after(1))

    assert shown(store) == [
        {
            "id": message.id,
            "direction": "in",
            "channel": "sms",
            "modem": "telkomsel-1",
            "from": "+628123450099",
            "to": "+628113000112",
            "text": "Ada kebakaran di pasar",
            "state": "handled",
            "error": None,
            "ticket": "BWI-2026-000001",
            "created_at": "2026-03-01T12:00:00.000+07:00",
        }
    ]


def test_a_message_that_comes_again_is_kept_once(store: Store) -> None:
    """The second time receives nothing, in the same transaction or in a later one."""
    with store.transaction() as session:
        assert receive(session, sms()) is not None
        assert receive(session, sms()) is None
    with store.transaction() as session:
        assert receive(session, sms(text="same key")) is None

    assert [message["text"] for message in shown(store)] == ["Ada kebakaran di pasar"]


def test_work_goes_on_after_a_message_that_came_again(store: Store) -> None:
    """The unique key refuses quietly: the transaction is as good as before."""
    with store.transaction() as session:
        receive(session, sms())
    with store.transaction() as session:
        receive(session, sms())
        open_ticket(session, SITE, report())

    with store.reading() as session:
        assert find(session, "BWI-2026-000001").text == "Ada kebakaran di pasar"


def test_joining_a_ticket_is_in_its_history(store: Store) -> None:
    """A second message of the same person can join the ticket of the first."""
    with store.transaction() as session:
        ticket = open_ticket(session, SITE, report())
        for number in (1, 2):
            message = receive(session, sms(f"k{number}"))
            assert message is not None
            mark_handled(message, ticket, actor="sms", at=after(number))

    with store.reading() as session:
        ticket = find(session, "BWI-2026-000001")
        assert [message.key for message in ticket.messages] == ["k1", "k2"]
        assert [event.action for event in ticket.events] == [TicketAction.OPENED] + [TicketAction.MESSAGE_ATTACHED] * 2


def test_a_message_may_concern_no_ticket(store: Store) -> None:
    """What was dealt with is handled, ticket or not."""
    with store.transaction() as session:
        message = receive(session, sms())
        assert message is not None
        mark_handled(message, None, actor="sms", at=after(1))

    assert [(message["state"], message["ticket"]) for message in shown(store)] == [("handled", None)]


def test_a_dead_message_keeps_pdu_and_reason(store: Store) -> None:
    """A person sees what came and why nothing could be made of it; it is buried once."""
    with store.transaction() as session:
        bury(session, dead())
        assert bury(session, dead()) is None

    (message,) = shown(store, MessageFilter(state=MessageState.DEAD))
    assert tuple(message[key] for key in ("state", "pdu", "reason")) == ("dead", "0791ZZ", "not hexadecimal: 'Z'")


def test_a_retry_takes_the_dead_message_s_place(store: Store) -> None:
    """What could be read at last is the same message, no longer dead."""
    with store.transaction() as session:
        buried = bury(session, dead())
        assert buried is not None
        revived = revive(session, buried.id, sms("read"))
        assert revived is not None

    (message,) = shown(store)
    assert (buried.id, "received", "Ada kebakaran di pasar") == tuple(message[key] for key in ("id", "state", "text"))


def test_a_retry_of_what_had_arrived_otherwise(store: Store) -> None:
    """The network sent it again meanwhile: one message is received, the dead one is done with."""
    with store.transaction() as session:
        buried = bury(session, dead())
        receive(session, sms("read"))
        assert buried is not None
        assert revive(session, buried.id, sms("read")) is None

    assert [message["state"] for message in shown(store)] == ["received", "handled"]


def test_only_the_dead_are_revived(store: Store) -> None:
    """A message that lives is not overwritten."""
    with store.transaction() as session:
        message = receive(session, sms())
        assert message is not None
        with pytest.raises(UnknownMessageError, match=f"no dead message {message.id}"):
            revive(session, message.id, sms("other"))


def test_an_unknown_message_is_told(store: Store) -> None:
    """With the id that was looked for."""
    with pytest.raises(UnknownMessageError, match="no message 42"), store.reading() as session:
        find_message(session, 42)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (MessageFilter(), ["dead", None, "new", "old"]),
        (MessageFilter(limit=1), ["dead"]),
        (MessageFilter(direction=Direction.OUT), [None]),
        (MessageFilter(direction=Direction.IN), ["dead", "new", "old"]),
        (MessageFilter(state=MessageState.RECEIVED), ["new", "old"]),
        (MessageFilter(since=after(10)), ["dead", None, "new"]),
    ],
)
def test_listing(store: Store, wanted: MessageFilter, keys: list[str | None]) -> None:
    """Newest first, and only what was asked for."""
    with store.transaction() as session:
        receive(session, sms("old", at=after(0)))
        bury(session, dead("dead", after(30)))
        receive(session, sms("new", at=after(10)))
        queue_outgoing(session, OutgoingMessage(modem="telkomsel-1", to="+6281", text="ok", at=after(20)))

    with store.reading() as session:
        assert keys == [message.key for message in list_messages(session, wanted)]
