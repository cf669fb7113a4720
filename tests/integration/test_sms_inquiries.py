"""What citizens ask by SMS, and what a message tells beside its category, on each kind of database."""

from datetime import timedelta
from pathlib import Path

import pytest

from sms_gateway.intake import Intake
from tests.support.sms import CITIZEN, SENT, city, incoming, intake_of, outgoing, pdus, take, tickets_of
from tickets.database.store import Store
from tickets.ticketing import change_status, find
from tickets.vocabulary import Kind, MessageState, Status, TicketAction

STRANGER = "+628123450000"
PLACES = "name,type,parent\nRogojampi,kecamatan,\nLicin,kecamatan,\n"
ROOMY = "[sms]\nreplies_per_hour = 1000\n"


@pytest.fixture
def intake(store: Store, tmp_path: Path) -> Intake:
    """A city of three languages that knows two places."""
    places = tmp_path / "places.csv"
    places.write_text(PLACES)
    more = f'places = "{places}"\nlanguages = ["id", "en", "jv"]\n'
    return intake_of(store, city(ROOMY, site=more))


def say(intake: Intake, text: str, *, sender: str = CITIZEN, minutes: float = 0) -> None:
    """A message that comes so long after the first."""
    at = SENT + timedelta(minutes=minutes)
    take(intake, *pdus(text, sender, at=at), after_s=1 + 60 * minutes)


def answers(store: Store) -> list[str | None]:
    """What was answered, oldest first."""
    return [message.text for message in reversed(outgoing(store))]


def move(store: Store, *statuses: Status) -> None:
    """Take the first ticket along its statuses."""
    with store.transaction() as session:
        for status in statuses:
            change_status(session, find(session, "UJI-2026-000001"), status, actor="test", at=SENT)


def test_check(intake: Intake, store: Store) -> None:
    """Its reporter is told how a ticket stands; the question makes no ticket, and hangs on the one that it is about."""
    say(intake, "kebakaran di pasar")
    say(intake, "CEK UJI-2026-000001", minutes=1)

    (ticket,) = tickets_of(store)
    question = incoming(store)[0]
    assert (MessageState.HANDLED, ticket.id) == (question.state, question.ticket_id)
    assert (
        "Laporan UJI-2026-000001 (Kebakaran): diterima, menunggu pemeriksaan. DARURAT? Segera telepon 112."
        == answers(store)[-1]
    )


@pytest.mark.parametrize("text", ["cek 1", "cek", "status laporan saya?", "cek#uji#2026#1"])
def test_check_in_short(intake: Intake, store: Store, text: str) -> None:
    """The end of the number is enough, and none at all asks after the newest."""
    say(intake, "kebakaran di pasar")
    move(store, Status.VERIFIED)
    say(intake, text, minutes=1)

    assert "sudah diperiksa" in str(answers(store)[-1])


@pytest.mark.parametrize("text", ["CEK UJI-2026-000001", "CEK 1", "CEK", "BATAL UJI-2026-000001", "BATAL"])
def test_of_somebody_else(intake: Intake, store: Store, text: str) -> None:
    """Nobody learns of another's ticket, or that there is one, or takes it back."""
    say(intake, "kebakaran di pasar")
    say(intake, text, sender=STRANGER, minutes=1)

    (ticket,) = tickets_of(store)
    assert Status.NEW is ticket.status
    assert "tidak ada di antara laporan Anda" in str(answers(store)[-1])
    assert incoming(store)[0].ticket_id is None


def test_cancel(intake: Intake, store: Store) -> None:
    """The reporter takes a ticket back; what comes then opens another one."""
    say(intake, "kebakaran di pasar")
    say(intake, "BATAL UJI-2026-000001", minutes=1)
    say(intake, "apinya besar lagi", minutes=2)

    second, first = tickets_of(store)
    assert (Status.CANCELLED, Status.NEW) == (first.status, second.status)
    assert "Laporan UJI-2026-000001 dibatalkan" in str(answers(store)[1])


def test_cancel_after_help_is_on_the_way(intake: Intake, store: Store) -> None:
    """A message does not call back who is on the way."""
    say(intake, "kebakaran di pasar")
    move(store, Status.VERIFIED, Status.DISPATCHED)
    say(intake, "batal", minutes=1)

    (ticket,) = tickets_of(store)
    assert Status.DISPATCHED is ticket.status
    assert (
        "Laporan UJI-2026-000001 tidak dapat dibatalkan lewat pesan: diteruskan ke petugas. Telepon 112."
        == answers(store)[-1]
    )


def test_cancel_again(intake: Intake, store: Store) -> None:
    """A ticket is taken back once; the same message again is the same answer's."""
    say(intake, "kebakaran di pasar")
    say(intake, "BATAL 1", minutes=1)
    say(intake, "BATAL 1", minutes=1)
    say(intake, "BATAL 1", minutes=2)

    assert 3 == len(answers(store))
    assert "tidak dapat dibatalkan" in str(answers(store)[-1])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("INFO", "Nomor ini menerima laporan warga"),
        ("BANTUAN", "LAPOR#kategori#isi"),
        ("HELP", "LAPOR#category#text"),
        ("STOP", "Baik, kami hanya mengirim balasan"),
    ],
)
def test_words(intake: Intake, store: Store, text: str, answer: str) -> None:
    """Answered, without a ticket."""
    say(intake, text)

    assert [] == list(tickets_of(store))
    assert str(answers(store)[0]).startswith(answer)


@pytest.mark.parametrize(
    "text", ["INFO ada kebakaran", "bantuan ambulans, orang pingsan", "stop ada begal bawa celurit"]
)
def test_emergency_that_begins_like_a_command(intake: Intake, store: Store, text: str) -> None:
    """It is a ticket, and an urgent one."""
    say(intake, text)

    (ticket,) = tickets_of(store)
    assert (1, Kind.EMERGENCY) == (ticket.priority, ticket.kind)
    assert "DARURAT? Segera telepon 112" in str(answers(store)[0])


def test_danger_raises_the_priority(intake: Intake, store: Store) -> None:
    """By the first message, or by one that joins: the ticket, its kind and its history tell."""
    say(intake, "ada ular masuk rumah")
    (before,) = tickets_of(store)
    say(intake, "ularnya besar, anak terjebak di kamar", minutes=1)

    with store.reading() as session:
        after = find(session, before.number)
        assert (2, Kind.COMPLAINT, 1, Kind.EMERGENCY) == (before.priority, before.kind, after.priority, after.kind)
        assert ["priority 2 -> 1"] == [
            event.detail for event in after.events if event.action is TicketAction.CLASSIFIED
        ]
    assert incoming(store)[0].ticket_id == before.id


def test_place(intake: Intake, store: Store) -> None:
    """The place that the message names, or the first further message that names one."""
    say(intake, "kebakaran, tolong cepat")
    assert [None] == [ticket.place for ticket in tickets_of(store)]

    say(intake, "lokasi di rogojmpi", minutes=1)
    say(intake, "bukan kecamatan licin", minutes=2)
    assert ["Rogojampi"] == [ticket.place for ticket in tickets_of(store)]


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("kebakaran di pasar", "id", "Laporan UJI-2026-000001 (Kebakaran)"),
        ("there is a fire in the market", "en", "Report UJI-2026-000001 (Fire)"),
        ("tulung pak omah kobong nang ngarep pasar", "jv", "Laporan UJI-2026-000001 (Kobongan) sampun katampi"),
    ],
)
def test_language(intake: Intake, store: Store, text: str, language: str, answer: str) -> None:
    """A ticket has the language of its message, and is answered in it."""
    say(intake, text)

    assert [language] == [ticket.language for ticket in tickets_of(store)]
    assert str(answers(store)[0]).startswith(answer)
