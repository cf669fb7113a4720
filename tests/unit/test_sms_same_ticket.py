"""Which further messages join the sender's open ticket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from siaga112.settings import demo_settings
from sms_gateway.classifier import Classifier
from sms_gateway.same_ticket import Earlier, ticket_of
from tickets.status import OPEN
from tickets.vocabulary import Status

DEMO = Classifier(demo_settings(Path("/nowhere"), {}).categories)
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def joins(
    category: str, text: str, *, status: Status = Status.NEW, minutes: float = 5, within: timedelta = HALF_AN_HOUR
) -> bool:
    """Whether `text` joins a ticket of `category` so many minutes old."""
    earlier = Earlier("UJI-2026-000001", category, status, NOON)
    return ticket_of(DEMO.classify(text), [earlier], NOON + timedelta(minutes=minutes), within) is not None


@pytest.mark.parametrize(
    ("category", "text", "expected"),
    [
        ("kebakaran", "apinya makin besar", True),
        ("kebakaran", "LAPOR#kebakaran#tambahan alamat", True),
        ("kebakaran", "cepat pak!!", True),
        ("kebakaran", "lokasinya gang mawar, dekat jembatan", True),
        ("kebakaran", "ada korban, 2 orang luka", True),
        ("kebakaran", "terima kasih sudah padam", True),
        ("kebakaran", "???", True),
        ("kebakaran", "", True),
        ("kecelakaan", "motornya di bawah truk, sopir terjepit", True),
        ("binatang", "ularnya masuk kamar", True),
        ("lainnya", "halo?", True),
        ("kebakaran", "ada maling di pasar", False),
        ("kebakaran", "lampu jalan mati", False),
        ("kebakaran", "LAPOR#medis#tolong", False),
        ("kebakaran", "tetangga saya pingsan, butuh ambulans", False),
        ("infrastruktur", "ada kebakaran", False),
        ("lainnya", "ada kebakaran", False),
        ("binatang", "anak saya sesak napas", False),
        ("kebakaran", "bansos belum cair", False),
    ],
)
def test_category(category: str, text: str, expected: bool) -> None:
    """The same matter, or none that can be told: it joins. Another matter must not be buried in the ticket."""
    assert expected == joins(category, text)


@pytest.mark.parametrize("status", list(Status))
def test_status(status: Status) -> None:
    """Only what somebody still works on is joined: never what was taken back, refused, settled or closed."""
    assert (status in OPEN) == joins("kebakaran", "apinya makin besar", status=status)


@pytest.mark.parametrize(("minutes", "expected"), [(0, True), (30, True), (30.1, False), (-1, True)])
def test_time(minutes: float, expected: bool) -> None:
    """Within the time, the last moment included; a message that the clock puts before the ticket is about it."""
    assert expected == joins("kebakaran", "apinya makin besar", minutes=minutes)


def test_never() -> None:
    """A city that sets the time to nought has a ticket for every message."""
    assert not joins("kebakaran", "apinya makin besar", minutes=0, within=timedelta())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("malingnya lari ke kebun", "thief"),
        ("apinya makin besar", "fire"),
        ("cepat pak", "thief"),
        ("terima kasih", "thief"),
        ("lampu jalan mati", None),
    ],
)
def test_several_tickets(text: str, number: str | None) -> None:
    """Of several the one about the same matter is joined, by a word that tells of none the newest."""
    earlier = [Earlier("thief", "kamtibmas", Status.NEW, NOON), Earlier("fire", "kebakaran", Status.HANDLING, NOON)]
    joined = ticket_of(DEMO.classify(text), earlier, NOON, HALF_AN_HOUR)
    assert number == (joined.number if joined else None)


def test_first_message() -> None:
    """Who has no ticket joins none."""
    assert ticket_of(DEMO.classify("cepat pak"), [], NOON, HALF_AN_HOUR) is None
