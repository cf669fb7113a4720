"""From a raw PDU to ticket and reply, on each kind of database."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from hardware.modem.pdu import encode_data_deliver, encode_status_report
from hardware.modem.pdu.address import encode_originator
from siaga112.settings import Settings
from sms_gateway.errors import EarlyReportError, FaultyRecordError
from sms_gateway.intake import REPORT_PATIENCE, Intake
from sms_gateway.record import SmsRecord
from tests.support.sms import (
    CITIZEN,
    MODEM,
    SENT,
    city,
    fields,
    incoming,
    intake_of,
    outgoing,
    pdus,
    take,
    tickets_of,
)
from tickets.database.store import Store
from tickets.messages.outbox import claim_outgoing, mark_sent
from tickets.model.message import Message
from tickets.status import VERDICTS
from tickets.ticketing import change_status, find
from tickets.vocabulary import MessageState, Status

LONG = "Air sungai meluap, tiga keluarga di atap rumah 🆘 perahu karet belum ada, anak-anak menangis 🚣 " * 3

# An SMS-DELIVER whose length says more than there is, one that ends in its header, one that is no hexadecimal.
ROTTEN = ("0791261100000000040C912618325400990000623010215100820A", "0791", "+CMS ERROR: 500")


@pytest.fixture
def settings() -> Settings:
    """A city that joins nothing: each message is a ticket of its own."""
    return city("[sms]\nsame_ticket_minutes = 0\n")


@pytest.fixture
def intake(store: Store, settings: Settings) -> Intake:
    """Its reading side."""
    return intake_of(store, settings)


def test_complaint(intake: Intake, store: Store) -> None:
    """Message, ticket and reply know each other; the ticket has the text to the letter."""
    take(intake, *pdus("LAPOR#kebakaran#Pasar Rogojampi 🔥"))

    (ticket,) = tickets_of(store)
    (message,) = incoming(store)
    (reply,) = outgoing(store)
    assert ("kebakaran", 1, "LAPOR#kebakaran#Pasar Rogojampi 🔥", CITIZEN, "id", SENT + timedelta(seconds=1)) == (
        ticket.category,
        ticket.priority,
        ticket.text,
        ticket.reporter,
        ticket.language,
        ticket.created_at,
    )
    assert (MessageState.HANDLED, ticket.id, CITIZEN, "+628113000112", SENT) == (
        message.state,
        message.ticket_id,
        message.sender,
        message.recipient,
        message.sent_at,
    )
    assert (MessageState.QUEUED, ticket.id, CITIZEN, MODEM, message.id, 1) == (
        reply.state,
        reply.ticket_id,
        reply.recipient,
        reply.modem,
        reply.in_reply_to_id,
        reply.priority,
    )
    assert ticket.number in str(reply.text)


def test_delivered_again(intake: Intake, store: Store) -> None:
    """However often the network or the stream delivers a message, by whatever centre: one ticket, one reply."""
    (pdu,) = pdus("Banjir di kampung")
    other_centre = "07912618010000F0" + pdu[2:]
    take(intake, pdu, pdu, other_centre)
    take(intake_of(store, city()), pdu, after_s=3600)

    assert (1, 1, 1) == (len(tickets_of(store)), len(incoming(store)), len(outgoing(store)))


def test_same_words_again(intake: Intake, store: Store) -> None:
    """The same words a second later, from somebody else, or to another modem are other messages."""
    take(intake, *pdus("Banjir"), *pdus("Banjir", at=SENT + timedelta(seconds=1)), *pdus("Banjir", "+628123450098"))
    take(intake, *pdus("Banjir"), modem="indosat-1")

    assert ["Banjir"] * 4 == [ticket.text for ticket in tickets_of(store)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_long_message(intake: Intake, store: Store, order: tuple[int, ...]) -> None:
    """In any order of its parts, each delivered twice: one text to the letter, though a part ends inside an emoji."""
    parts = pdus(LONG[:180])
    assert 3 == len(parts)
    for place in order:
        take(intake, parts[place], parts[place])
    take(intake, *parts)

    assert [LONG[:180]] == [ticket.text for ticket in tickets_of(store)]
    assert ["\n".join(parts)] == [message.pdu for message in incoming(store)]


def test_long_messages_of_two_modems(intake: Intake, store: Store) -> None:
    """Parts with the same reference from the same sender by two modems are parts of two messages."""
    first, second = pdus("Banjir. " + LONG, reference=1), pdus("Longsor. " + LONG, reference=1)
    for part, other in zip(first, reversed(second), strict=True):
        take(intake, part)
        take(intake, other, modem="indosat-1")

    assert {"Banjir. " + LONG, "Longsor. " + LONG} == {ticket.text for ticket in tickets_of(store)}


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_incomplete_message(intake: Intake, store: Store, missing: int) -> None:
    """A part that does not come in time leaves a gap that is shown; when it comes after all the text is whole."""
    parts = pdus(LONG[:180])
    rest = [part for place, part in enumerate(parts) if place != missing]
    take(intake, *rest)
    intake.take_incomplete()
    intake.take_incomplete()

    (ticket,) = tickets_of(store)
    (message,) = incoming(store)
    assert 1 == ticket.text.count("[…]")
    assert "incomplete: 1 parts have not come" == message.error

    take(intake, parts[missing], *parts, after_s=600)
    intake.take_incomplete()

    (ticket,) = tickets_of(store)
    (message,) = incoming(store)
    assert (LONG[:180], LONG[:180], None) == (ticket.text, message.text, message.error)
    assert 1 == len(outgoing(store))


def test_parts_that_may_still_come(intake: Intake, store: Store) -> None:
    """Nothing is given out before the time to wait is over."""
    record = SmsRecord(MODEM, pdus(LONG)[0], datetime.now(UTC))
    intake.handle(record.to_fields())
    intake.take_incomplete()

    assert [] == list(incoming(store))


def test_text_that_a_person_changed(intake: Intake, store: Store) -> None:
    """What an operator wrote into a ticket is not overwritten when the last part comes."""
    parts = pdus(LONG[:180])
    take(intake, *parts[:2])
    intake.take_incomplete()
    with store.transaction() as session:
        find(session, tickets_of(store)[0].number).text = "Banjir di Rogojampi"
    take(intake, parts[2])

    assert ["Banjir di Rogojampi"] == [ticket.text for ticket in tickets_of(store)]
    assert [LONG[:180]] == [message.text for message in incoming(store)]


def test_rotten_messages(intake: Intake, store: Store) -> None:
    """What cannot be read is kept with its PDU and the reason, once; the good ones around it are tickets."""
    for number, rotten in enumerate(ROTTEN):
        take(intake, *pdus(f"Banjir {number}"), rotten, rotten, *pdus(f"Longsor {number}"))

    dead = [message for message in incoming(store) if message.state is MessageState.DEAD]
    assert {*ROTTEN} == {message.pdu for message in dead}
    assert all(message.reason for message in dead)
    assert 2 * len(ROTTEN) == len(tickets_of(store))


def test_data_message(intake: Intake, store: Store) -> None:
    """8-bit data holds no text: it is kept as dead, with its sender."""
    take(intake, encode_data_deliver(CITIZEN, b"\x00\x01", SENT).hex)

    (dead,) = incoming(store)
    assert (MessageState.DEAD, CITIZEN, "data, no text: nothing here reads it") == (
        dead.state,
        dead.sender,
        dead.reason,
    )


@pytest.mark.parametrize("text", ["", "\x00", "'; DROP TABLE tickets; --", "\ud83d", "\u202e\n\r\x1b[2J", "a" * 1000])
def test_any_text(intake: Intake, store: Store, text: str) -> None:
    """Whatever a stranger sends is text, and a ticket."""
    take(intake, *pdus(text))

    assert 1 == len(tickets_of(store))


@pytest.mark.parametrize("sender", ["1818", "TELKOMSEL", "+628113000112", "INFO 112"])
def test_no_reply(intake: Intake, store: Store, sender: str) -> None:
    """Short codes and names cannot be answered, and a number of our own would answer back: a ticket, no reply."""
    take(intake, *pdus("Pulsa Anda hampir habis, lampu mati", sender))

    assert [sender] == [ticket.reporter for ticket in tickets_of(store)]
    assert [] == list(outgoing(store))


def test_name_of_digits(intake: Intake, store: Store) -> None:
    """A name that looks like somebody's number gets no reply: that somebody has not written."""
    number, name = encode_originator("08123450099"), as_name("08123450099")
    (pdu,) = pdus("Banjir", "08123450099")
    assert number.hex().upper() in pdu
    take(intake, pdu.replace(number.hex().upper(), name.hex().upper()))

    assert ["08123450099"] == [ticket.reporter for ticket in tickets_of(store)]
    assert [] == list(outgoing(store))


def as_name(name: str) -> bytes:
    """An originating address of type 101, alphanumeric (3GPP TS 23.040 clause 9.1.2.5), of eleven digits."""
    septets = sum(ord(digit) << 7 * place for place, digit in enumerate(name))
    octets = septets.to_bytes((7 * len(name) + 7) // 8, "little")
    return bytes((2 * len(octets), 0xD0)) + octets


def test_blocked(store: Store) -> None:
    """A blocked number or name is kept and handled, without ticket and reply; spelling does not matter."""
    intake = intake_of(store, city('[sms]\nblocked = ["08123450099", "Promo"]\n'))
    take(intake, *pdus("Menang undian"), *pdus("Diskon", "PROMO"))

    assert [(MessageState.HANDLED, None), (MessageState.HANDLED, None)] == [
        (message.state, message.ticket_id) for message in incoming(store)
    ]
    assert ([], []) == (list(tickets_of(store)), list(outgoing(store)))


def test_replies_per_hour(store: Store) -> None:
    """Two machines that answer each other stop after so many replies within an hour; each message is a ticket still."""
    intake = intake_of(store, city("[sms]\nreplies_per_hour = 3\nsame_ticket_minutes = 0\n"))
    for number in range(6):
        take(intake, *pdus(f"Balasan otomatis {number}"), after_s=number)
    take(intake, *pdus("Banjir", "+628123450098"), after_s=10)
    take(intake, *pdus("Balasan otomatis lagi"), after_s=3700)

    assert 8 == len(tickets_of(store))
    assert {CITIZEN: 4, "+628123450098": 1} == {
        sender: sum(reply.recipient == sender for reply in outgoing(store)) for sender in (CITIZEN, "+628123450098")
    }


@pytest.mark.parametrize("text", ["Tolong cepat", "Apinya makin besar", "LAPOR#kebakaran#warung juga"])
def test_further_message(store: Store, text: str) -> None:
    """A further message about the same thing, or about nothing that is known, joins the sender's open ticket."""
    intake = intake_of(store, city())
    take(intake, *pdus("Pasar terbakar"))
    take(intake, *pdus(text), after_s=29 * 60)

    (ticket,) = tickets_of(store)
    assert "Pasar terbakar" == ticket.text
    assert {ticket.id} == {message.ticket_id for message in incoming(store)}
    assert [f"Tambahan untuk laporan {ticket.number} diterima. DARURAT? Segera telepon 112."] == [
        reply.text for reply in outgoing(store) if str(reply.text).startswith("Tambahan")
    ]


@pytest.mark.parametrize(
    ("text", "sender", "after_s"),
    [
        ("Tetangga saya pingsan", CITIZEN, 60),
        ("Pasar terbakar", "+628123450098", 60),
        ("Tolong cepat", CITIZEN, 31 * 60),
    ],
)
def test_another_matter(store: Store, text: str, sender: str, after_s: float) -> None:
    """Something else, somebody else, or much later: a ticket of its own."""
    intake = intake_of(store, city())
    take(intake, *pdus("Pasar terbakar"))
    take(intake, *pdus(text, sender), after_s=after_s)

    assert ["Pasar terbakar", text] == [ticket.text for ticket in reversed(tickets_of(store))]


@pytest.mark.parametrize("status", sorted(VERDICTS))
def test_ticket_that_is_over(store: Store, status: Status) -> None:
    """A ticket that nobody works on any more takes no further message: it would not be seen there."""
    intake = intake_of(store, city())
    take(intake, *pdus("Pasar terbakar"))
    with store.transaction() as session:
        change_status(session, find(session, tickets_of(store)[0].number), status, actor="operator:1001", at=SENT)
    take(intake, *pdus("Tolong cepat"), after_s=60)

    assert 2 == len(tickets_of(store))


def report(reference: int, at: datetime, number: str = CITIZEN) -> dict[str, str]:
    """The stream entry of a report that the message with this reference was delivered."""
    pdu = encode_status_report(number, reference, SENT, SENT, 0).hex
    return SmsRecord(MODEM, pdu, at).to_fields()


def sent_reply(store: Store, references: list[int]) -> Message:
    """The only reply, as the modem part sends it."""
    with store.transaction() as session:
        message = claim_outgoing(session, MODEM, datetime.now(UTC))
        assert message is not None
        return mark_sent(session, message.id, references, at=SENT)


def test_status_reports(intake: Intake, store: Store) -> None:
    """A reply is delivered once all of its parts are reported so, by whatever number the report writes."""
    take(intake, *pdus("Banjir"))
    sent_reply(store, [7, 8])
    states = []
    for reference in (7, 8):
        intake.handle(report(reference, SENT + timedelta(seconds=9), CITIZEN.removeprefix("+")))
        states.append(outgoing(store)[0].state)

    assert [MessageState.SENT, MessageState.DELIVERED] == states


def test_report_before_its_message(intake: Intake, store: Store) -> None:
    """A fresh report that fits nothing is offered again; an old one is about somebody else's message, and let go."""
    take(intake, *pdus("Banjir"))
    with pytest.raises(EarlyReportError):
        intake.handle(report(7, datetime.now(UTC)))
    intake.handle(report(7, datetime.now(UTC) - REPORT_PATIENCE))

    assert [MessageState.QUEUED] == [message.state for message in outgoing(store)]


def test_faulty_record(intake: Intake) -> None:
    """An entry that is no stored SMS is told from one that cannot be read."""
    with pytest.raises(FaultyRecordError):
        intake.handle({"modem": MODEM})


def test_given_up(intake: Intake, store: Store) -> None:
    """A message that our own code fails on is kept where a person sees it, with what went wrong."""
    intake.give_up(fields(pdus("Banjir")[0]), "failed 5 times: ZeroDivisionError")

    (dead,) = incoming(store)
    assert (MessageState.DEAD, "failed 5 times: ZeroDivisionError", CITIZEN) == (dead.state, dead.reason, dead.sender)
