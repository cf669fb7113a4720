"""Which further messages join the sender's open ticket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from siaga112.settings import demo_settings
from sms_gateway.classifier import Classifier
from sms_gateway.same_ticket import Earlier, belongs_to
from tickets.status import OPEN
from tickets.vocabulary import Status

DEMO = Classifier(demo_settings(Path("/nowhere"), {}).categories)
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def joins(
    category: str, text: str, *, status: Status = Status.NEW, minutes: float = 5, within: timedelta = HALF_AN_HOUR
) -> bool:
    """Whether `text` joins a ticket of `category` so many minutes old."""
    earlier = Earlier(category, status, NOON)
    return belongs_to(earlier, DEMO.classify(text), NOON + timedelta(minutes=minutes), within)


@pytest.mark.parametrize(
    ("category", "text", "expected"),
    [
        ("kebakaran", "apinya makin besar", True),
        ("kebakaran", "LAPOR#kebakaran#tambahan alamat", True),
        ("kebakaran", "cepat pak!!", True),
        ("kebakaran", "lokasinya gang mawar, dekat jembatan", True),
        ("kebakaran", "korban 2 orang luka parah, butuh ambulans", True),
        ("kebakaran", "terima kasih sudah padam", True),
        ("kebakaran", "???", True),
        ("kebakaran", "", True),
        ("kecelakaan", "yang satu tidak sadar", True),
        ("binatang", "ularnya masuk kamar", True),
        ("lainnya", "halo?", True),
        ("kebakaran", "ada maling di pasar", False),
        ("kebakaran", "lampu jalan mati", False),
        ("kebakaran", "LAPOR#medis#tolong", False),
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
