"""`messages retry`: what a person has tried again, on each kind of database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from hardware.modem.pdu import encode_data_deliver
from siaga112.app import App
from sms_gateway.errors import NotRetryableError
from sms_gateway.intake import Intake
from sms_gateway.retry import Retry
from tests.support.sms import CITIZEN, MODEM, SENT, city, fields, incoming, intake_of, outgoing, pdus, take, tickets_of
from tickets.database.store import Store
from tickets.errors import UnknownMessageError
from tickets.messages.outbox import claim_outgoing, mark_failed
from tickets.vocabulary import MessageState

LONG = "Air sungai meluap, tiga keluarga di atap rumah 🆘 perahu karet belum ada"


@pytest.fixture
def intake(store: Store) -> Intake:
    """The gateway's reading side."""
    return intake_of(store, city())


def again(store: Store, message_id: int) -> str:
    """Retry a message, as the command does."""
    app = App(city())
    with store.transaction() as session:
        return Retry(app.settings, app.site, app.catalogue).again(session, message_id)


def test_dead_message_that_can_be_read_now(intake: Intake, store: Store) -> None:
    """What our own code failed on before becomes a ticket with a reply, and is dead no more."""
    intake.give_up(fields(pdus("Banjir")[0]), "failed 5 times: ZeroDivisionError")
    (dead,) = incoming(store)
    said = again(store, dead.id)

    (message,) = incoming(store)
    (ticket,) = tickets_of(store)
    assert f"message {dead.id} is handled, ticket {ticket.number}" == said
    assert (dead.id, MessageState.HANDLED, None, ticket.id) == (
        message.id,
        message.state,
        message.reason,
        message.ticket_id,
    )
    assert ("Banjir", CITIZEN, dead.created_at) == (ticket.text, ticket.reporter, ticket.created_at)
    assert [CITIZEN] == [reply.recipient for reply in outgoing(store)]


def test_delivered_after_the_retry(intake: Intake, store: Store) -> None:
    """The message has kept its key: when the network delivers it once more that is nothing new."""
    intake.give_up(fields(pdus("Banjir")[0]), "failed 5 times: ZeroDivisionError")
    again(store, incoming(store)[0].id)
    take(intake, *pdus("Banjir"))

    assert (1, 1) == (len(incoming(store)), len(tickets_of(store)))


@pytest.mark.parametrize("dead_part", [0, 1])
def test_part_of_a_long_message(intake: Intake, store: Store, dead_part: int) -> None:
    """A dead part goes to the others, before or after they have come."""
    parts = pdus(LONG)
    assert 2 == len(parts)
    intake.give_up(fields(parts[dead_part]), "failed 5 times: ZeroDivisionError")
    (dead,) = incoming(store)
    waits = again(store, dead.id)
    take(intake, parts[1 - dead_part])

    assert f"message {dead.id} waits for the other parts of it" == waits
    assert [LONG] == [ticket.text for ticket in tickets_of(store)]


def test_last_part_of_a_long_message(intake: Intake, store: Store) -> None:
    """A dead part that completes its message is that message from then on."""
    parts = pdus(LONG)
    take(intake, parts[0])
    intake.give_up(fields(parts[1]), "failed 5 times: ZeroDivisionError")
    again(store, incoming(store)[0].id)

    assert [(LONG, MessageState.HANDLED)] == [(message.text, message.state) for message in incoming(store)]
    assert [LONG] == [ticket.text for ticket in tickets_of(store)]


@pytest.mark.parametrize("pdu", ["0791", "ZZ", encode_data_deliver(CITIZEN, b"\x00", SENT).hex])
def test_still_unreadable(intake: Intake, store: Store, pdu: str) -> None:
    """It stays dead, and the reason is said."""
    take(intake, pdu)
    (dead,) = incoming(store)
    with pytest.raises(NotRetryableError, match=f"message {dead.id} still cannot be read: "):
        again(store, dead.id)

    assert [MessageState.DEAD] == [message.state for message in incoming(store)]


def test_failed_message(intake: Intake, store: Store) -> None:
    """A reply that was given up waits again, for the same modem, and is due at once."""
    take(intake, *pdus("Banjir"))
    with store.transaction() as session:
        claimed = claimed_now(session)
        mark_failed(session, claimed, "no credit", retry_at=None)
    said = again(store, claimed)

    assert f"message {claimed} waits for {MODEM}" == said
    with store.transaction() as session:
        assert claimed == claimed_now(session)


def claimed_now(session: Session) -> int:
    """The message that the modem would send next."""
    message = claim_outgoing(session, MODEM, datetime.now(UTC))
    assert message is not None
    return message.id


def test_nothing_to_retry(intake: Intake, store: Store) -> None:
    """A message that is well is left as it is; one that is not there is said."""
    take(intake, *pdus("Banjir"))
    (handled,) = incoming(store)
    with pytest.raises(NotRetryableError, match=f"message {handled.id} is handled: only a dead or a failed one"):
        again(store, handled.id)
    with pytest.raises(UnknownMessageError):
        again(store, 112)
