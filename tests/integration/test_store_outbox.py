"""Messages that go out, on each database: in order, by one sender, to a known end."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.support.tickets import JAKARTA, NOON, SITE, after, report, sms
from tickets.database.store import Store
from tickets.errors import UnknownMessageError
from tickets.messages.inbox import receive
from tickets.messages.lookup import find_message
from tickets.messages.outbox import (
    OutgoingMessage,
    claim_outgoing,
    mark_failed,
    mark_sent,
    queue_outgoing,
    requeue_failed,
    requeue_stale,
)
from tickets.model.message import Message
from tickets.ticketing import open_ticket
from tickets.views import view_message
from tickets.vocabulary import MessageState

MODEM = "telkomsel-1"


def queue(
    session: Session, text: str = "Terima kasih", at: float = 0, priority: int = 2, modem: str = MODEM
) -> Message:
    """A reply that waits for its modem."""
    return queue_outgoing(session, OutgoingMessage(modem=modem, to="+6281", text=text, at=after(at), priority=priority))


def claimed(store: Store, modem: str = MODEM, now: float = 0) -> str | None:
    """The text of the next message for a modem."""
    with store.transaction() as session:
        message = claim_outgoing(session, modem, after(now))
        return message and message.text


def test_a_reply_is_seen_as_it_was_queued(store: Store) -> None:
    """Every field of the public surface; the reply belongs to the ticket and to the message that it answers."""
    with store.transaction() as session:
        question = receive(session, sms())
        ticket = open_ticket(session, SITE, report())
        reply = queue_outgoing(
            session,
            OutgoingMessage(modem=MODEM, to="+6281", text="Diterima", at=NOON, ticket=ticket, in_reply_to=question),
        )

    with store.reading() as session:
        message = find_message(session, reply.id)
        assert question is not None
        assert question.id == message.in_reply_to_id
        assert view_message(message, JAKARTA).to_json() == {
            "id": reply.id,
            "direction": "out",
            "channel": "sms",
            "modem": MODEM,
            "from": None,
            "to": "+6281",
            "text": "Diterima",
            "state": "queued",
            "error": None,
            "ticket": "BWI-2026-000001",
            "created_at": "2026-03-01T12:00:00.000+07:00",
        }


def test_the_urgent_goes_first_then_the_oldest(store: Store) -> None:
    """And nothing is claimed twice."""
    with store.transaction() as session:
        for text, at, priority in (("c", 9, 2), ("b", 5, 2), ("a", 9, 1), ("d", 0, 3)):
            queue(session, text, at, priority)

    assert [claimed(store) for _ in range(5)] == ["a", "b", "c", "d", None]


def test_a_modem_sends_only_its_own(store: Store) -> None:
    """The reply goes out by the SIM that received."""
    with store.transaction() as session:
        queue(session, modem="indosat-1")

    assert (claimed(store), claimed(store, "indosat-1")) == (None, "Terima kasih")


def test_a_failed_attempt_waits_for_its_time(store: Store) -> None:
    """Not before `retry_at`, then once more; attempts are counted and the last error is kept."""
    with store.transaction() as session:
        message = queue(session)
    assert claimed(store) == "Terima kasih"
    with store.transaction() as session:
        mark_failed(session, message.id, "+CMS ERROR: 38", retry_at=after(60))

    assert (claimed(store, now=59), claimed(store, now=60)) == (None, "Terima kasih")
    with store.reading() as session:
        message = find_message(session, message.id)
        assert (message.state, message.attempts, message.error) == (MessageState.SENDING, 2, "+CMS ERROR: 38")


def test_a_sent_message_has_no_error_left(store: Store) -> None:
    """State, time and TP-MRs are kept; what went wrong before is forgotten."""
    with store.transaction() as session:
        message = queue(session)
        claim_outgoing(session, MODEM, NOON)
        mark_failed(session, message.id, "+CMS ERROR: 38", retry_at=NOON)
        claim_outgoing(session, MODEM, NOON)
        mark_sent(session, message.id, [255, 0], at=after(3))

    with store.reading() as session:
        message = find_message(session, message.id)
        assert (MessageState.SENT, after(3), None) == (message.state, message.sent_at, message.error)
        assert [submit.reference for submit in message.submits] == [255, 0]


def test_a_message_that_failed_for_good_can_be_queued_by_a_person(store: Store) -> None:
    """It is not claimed until then."""
    with store.transaction() as session:
        message = queue(session)
        claim_outgoing(session, MODEM, NOON)
        mark_failed(session, message.id, "+CMS ERROR: 1", retry_at=None)
    assert claimed(store, now=1e6) is None
    with store.transaction() as session:
        assert 0 == requeue_failed(session, message.id, at=NOON).attempts

    assert claimed(store) == "Terima kasih"


def test_what_a_dead_process_was_sending_is_queued_again(store: Store) -> None:
    """Only for the modem that starts; what was sent or waits stays as it is."""
    with store.transaction() as session:
        for modem in (MODEM, MODEM, "indosat-1"):
            queue(session, modem=modem)
    claimed(store)
    claimed(store, "indosat-1")
    with store.transaction() as session:
        assert requeue_stale(session, MODEM) == 1

    assert [claimed(store) for _ in range(3)] == ["Terima kasih", "Terima kasih", None]
    assert claimed(store, "indosat-1") is None


CHANGES: dict[str, Callable[[Session, int], Message]] = {
    "sent": lambda session, message_id: mark_sent(session, message_id, [1], at=NOON),
    "failed": lambda session, message_id: mark_failed(session, message_id, "x", retry_at=None),
    "queued by a person": lambda session, message_id: requeue_failed(session, message_id, at=NOON),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_message_that_waits_is_not_moved(store: Store, change: str) -> None:
    """Only what is being sent can be sent or fail, and only what failed can be queued by a person."""
    with store.transaction() as session:
        message = queue(session)
        with pytest.raises(UnknownMessageError, match=f"message {message.id}"):
            CHANGES[change](session, message.id)

    assert claimed(store) == "Terima kasih"
