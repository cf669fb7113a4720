"""An operator and somebody who cannot speak or hear write to each other on one ticket; on each kind of database."""

from datetime import timedelta

import pytest

from siaga112.settings import Settings
from sms_gateway.errors import NoWayOutError
from sms_gateway.intake import Intake
from sms_gateway.operator_messages import OperatorMessages
from tests.support.sms import CITIZEN, SENT, city, incoming, intake_of, outgoing, pdus, take, tickets_of
from tests.support.tickets import SITE, report
from tickets.database.store import Store
from tickets.errors import UnknownTicketError
from tickets.model.message import Message
from tickets.ticketing import change_status, find, open_ticket
from tickets.vocabulary import Channel, Status


@pytest.fixture
def settings() -> Settings:
    """A city with two modems."""
    return city()


@pytest.fixture
def intake(store: Store, settings: Settings) -> Intake:
    """Its reading side."""
    return intake_of(store, settings)


def write(store: Store, text: str, *, minutes: float, ticket: str | None = None, modem: str | None = None) -> Message:
    """An operator writes to the citizen, so many minutes after the first message."""
    writing = OperatorMessages(city())
    at = SENT + timedelta(minutes=minutes)
    with store.transaction() as session:
        if ticket:
            return writing.on_ticket(session, ticket, text, at=at, modem=modem)
        return writing.to_number(session, CITIZEN, text, at=at, modem=modem)


def hear(intake: Intake, text: str, *, minutes: float, modem: str = "telkomsel-1") -> None:
    """The citizen writes."""
    at = SENT + timedelta(minutes=minutes)
    take(intake, *pdus(text, at=at), modem=modem, after_s=minutes * 60)


def said(store: Store) -> list[str | None]:
    """The texts that go out, the oldest first."""
    return [message.text for message in reversed(outgoing(store))]


def test_to_and_fro(intake: Intake, store: Store) -> None:
    """What both say, whatever it is about, is on one ticket, as long as no pause is too long; no machine answers."""
    hear(intake, "Ada kebakaran di pasar", minutes=0)
    write(store, "Apakah ada korban?", minutes=25)
    hear(intake, "Ya, tetangga saya pingsan", minutes=50)
    write(store, "Petugas di jalan. Bapak di mana?", minutes=75)
    hear(intake, "Lampu jalan mati, saya di gang mawar", minutes=100)

    (ticket,) = tickets_of(store)
    messages = [*incoming(store), *outgoing(store)]
    assert [ticket.id] * 6 == [message.ticket_id for message in messages]
    assert ["Apakah ada korban?", "Petugas di jalan. Bapak di mana?"] == said(store)[1:]


def test_danger_in_a_conversation(intake: Intake, store: Store) -> None:
    """An answer that tells of danger to life makes the ticket urgent."""
    hear(intake, "Lampu jalan mati", minutes=0)
    write(store, "Di mana?", minutes=1)
    before = tickets_of(store)[0].priority
    hear(intake, "Tolong, saya sekarat", minutes=2)

    (ticket,) = tickets_of(store)
    assert (True, 1) == (before > 1, ticket.priority)


@pytest.mark.parametrize("text", ["BANTUAN", "info", "stop"])
def test_word_to_the_operator(intake: Intake, store: Store, text: str) -> None:
    """One word that the machine would answer is for the operator now."""
    hear(intake, "Ada kebakaran di pasar", minutes=0)
    write(store, "Bapak butuh apa?", minutes=1)
    hear(intake, text, minutes=2)

    assert tickets_of(store)[0].id == incoming(store)[0].ticket_id
    assert 2 == len(said(store))


def test_after_a_long_pause(intake: Intake, store: Store) -> None:
    """Half an hour after the last word a message is a new matter."""
    hear(intake, "Ada kebakaran di pasar", minutes=0)
    write(store, "Apakah ada korban?", minutes=10)
    hear(intake, "Tetangga saya pingsan", minutes=41)

    assert 2 == len(tickets_of(store))


def test_ticket_that_is_over(intake: Intake, store: Store) -> None:
    """On a ticket that is settled nobody reads answers: the next message opens one."""
    hear(intake, "Ada kebakaran di pasar", minutes=0)
    write(store, "Sudah padam?", minutes=1)
    with store.transaction() as session:
        ticket = find(session, tickets_of(store)[0].number)
        change_status(session, ticket, Status.CANCELLED, actor="operator:1001", at=SENT)
    hear(intake, "Belum, cepat", minutes=2)

    assert 2 == len(tickets_of(store))


def test_our_replies_are_no_conversation(intake: Intake, store: Store) -> None:
    """Only what an operator writes begins one: another matter stays another ticket after a reply of ours."""
    hear(intake, "Ada kebakaran di pasar", minutes=0)
    hear(intake, "Apinya makin besar", minutes=1)
    hear(intake, "Tetangga saya pingsan", minutes=2)

    assert 2 == len(tickets_of(store))
    assert 3 == len(said(store))


@pytest.mark.parametrize(
    ("came_by", "asked", "expected"), [("indosat-1", None, "indosat-1"), ("indosat-1", "telkomsel-1", "telkomsel-1")]
)
def test_line(intake: Intake, store: Store, came_by: str, asked: str | None, expected: str) -> None:
    """The operator's words leave by the SIM that the citizen wrote to, unless another is asked for."""
    hear(intake, "Ada kebakaran di pasar", minutes=0, modem=came_by)

    assert expected == write(store, "Di mana?", minutes=1, modem=asked).modem


def test_after_a_call(intake: Intake, store: Store) -> None:
    """Who called and could not speak is written to on the call's ticket, by the first modem, and answers there."""
    with store.transaction() as session:
        number = open_ticket(session, SITE, report(channel=Channel.CALL, at=SENT)).number
    sent = write(store, "Kami tidak mendengar Anda. Tulis saja.", minutes=1, ticket=number.lower())
    hear(intake, "Saya tuli, ada orang luka", minutes=2)

    (ticket,) = tickets_of(store)
    assert ("telkomsel-1", CITIZEN, 1, ticket.id) == (sent.modem, sent.recipient, sent.priority, sent.ticket_id)
    assert [ticket.id] == [message.ticket_id for message in incoming(store)]
    assert 1 == len(said(store))


def test_nobody_to_write_to(store: Store) -> None:
    """A ticket of a withheld number has nobody to write to, and one that is not there neither; nothing is queued."""
    with store.transaction() as session:
        number = open_ticket(session, SITE, report(reporter=None)).number
    with pytest.raises(NoWayOutError, match=f"ticket {number} has no number"):
        write(store, "Halo", minutes=1, ticket=number)
    with pytest.raises(UnknownTicketError):
        write(store, "Halo", minutes=1, ticket="BWI-2026-009999")

    assert [] == said(store)


def test_without_a_ticket(store: Store) -> None:
    """Somebody without an open ticket is written to all the same."""
    sent = write(store, "Halo", minutes=1)

    assert ("telkomsel-1", None, CITIZEN) == (sent.modem, sent.ticket_id, sent.recipient)
