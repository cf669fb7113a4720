"""What senders are told fits one SMS, in a language that they read."""

from pathlib import Path

import pytest

from hardware.modem.pdu import encode_submit
from siaga112.settings import Settings, demo_settings
from sms_gateway.replies import Replies
from tests.support.configuration import read
from tickets.vocabulary import Status

NUMBER = "BWI-2026-000123"
DEMO = demo_settings(Path("/nowhere"), {})
ALL = demo_settings(Path("/nowhere"), {"site": {"languages": ["id", "en", "jv"]}})

LONG_NAMES = """
[[agencies]]
code = "dinas-a"
name = "Badan Penanggulangan Bencana Daerah, Kebakaran dan Penyelamatan Kabupaten Seribu Pulau Kecil dan Besar"

[[agencies]]
code = "dinas-b"
name = "Dinas Kesehatan, Keluarga Berencana, Pemberdayaan Perempuan dan Perlindungan Anak Kabupaten Seribu Pulau"

[[categories]]
code = "api"
name = {{ id = "{name}" }}
agencies = ["dinas-a", "dinas-b"]
"""


def long_names(name: str) -> Settings:
    """A city whose agencies' names make two SMS of a reply."""
    return read(LONG_NAMES.format(name=name))


@pytest.mark.parametrize("language", ["id", "en", "jv", "xx"])
@pytest.mark.parametrize("category", [category.code for category in DEMO.categories])
def test_each_reply_is_one_sms(category: str, language: str) -> None:
    """All categories of the demo city, in each language: 160 characters of the GSM alphabet, number included."""
    replies = Replies(ALL)
    for text in (
        replies.received(ticket=NUMBER, category=category, priority=1, language=language),
        replies.received(ticket=NUMBER, category=category, priority=3, language=language),
        replies.joined(ticket=NUMBER, language=language),
        *(replies.checked(ticket=NUMBER, category=category, status=status, language=language) for status in Status),
        *(replies.cancel_refused(ticket=NUMBER, status=status, language=language) for status in Status),
        replies.cancelled(ticket=NUMBER, language=language),
        replies.unknown(language=language),
    ):
        assert NUMBER in text
        assert is_one_sms(text)


@pytest.mark.parametrize("language", ["id", "en", "jv"])
def test_each_answer_is_one_sms(language: str) -> None:
    """What the number is for, and how it is written to; the emergency number is in all of them."""
    replies = Replies(ALL)
    for text in (replies.info(language=language), replies.help(language=language), replies.stop(language=language)):
        assert "112" in text
        assert is_one_sms(text)


def is_one_sms(text: str) -> bool:
    """160 characters of the GSM alphabet."""
    return len(encode_submit("+6281", text)) == 1 and len(text) <= 160


def test_emergency() -> None:
    """Who reports an emergency by SMS is told to call; who has it is named in full where there is room."""
    assert (
        f"Laporan {NUMBER} (Kebakaran) diterima. DARURAT? Segera telepon 112. "
        "Diteruskan ke Dinas Pemadam Kebakaran dan Penyelamatan."
    ) == Replies(DEMO).received(ticket=NUMBER, category="kebakaran", priority=1, language="id")


def test_no_emergency() -> None:
    """Anybody else is asked to keep the number, and is told to call too: what we took for no emergency may be one."""
    assert (
        f"Laporan {NUMBER} (Infrastruktur dan layanan kota) diterima dan diteruskan ke Dinas PU Cipta Karya. "
        "Simpan nomor ini. DARURAT? Segera telepon 112."
    ) == Replies(DEMO).received(ticket=NUMBER, category="infrastruktur", priority=3, language="id")


def test_english() -> None:
    """A text and a category's name in the language that was asked for."""
    assert f"Your message was added to report {NUMBER}. EMERGENCY? Call 112 now." == english().joined(
        ticket=NUMBER, language="en"
    )
    assert (
        f"Report {NUMBER} (Fire) received."
        == english().received(ticket=NUMBER, category="kebakaran", priority=1, language="en").partition(" EMERGENCY")[0]
    )


def english() -> Replies:
    """The replies of a city that speaks English too."""
    return Replies(read('[site]\nlanguages = ["id", "en"]\n'))


def test_language_without_texts() -> None:
    """A language that has no texts is answered in Indonesian."""
    asked = Replies(DEMO).joined(ticket=NUMBER, language="jv")
    assert f"Tambahan untuk laporan {NUMBER} diterima. DARURAT? Segera telepon 112." == asked


def test_long_agency_names() -> None:
    """Where the agencies' names do not fit their codes stand in."""
    assert (
        f"Laporan {NUMBER} (Api) diterima. DARURAT? Segera telepon 112. Diteruskan ke DINAS-A, DINAS-B."
    ) == Replies(long_names("Api")).received(ticket=NUMBER, category="api", priority=1, language="id")


@pytest.mark.parametrize("name", ["A" * 120, "火事", "Api 🔥"])
def test_names_that_fit_nowhere(name: str) -> None:
    """A name too long, or of letters that would halve the room, is left out: the number is what matters."""
    replies = Replies(long_names(name))
    urgent, other = (
        replies.received(ticket=NUMBER, category="api", priority=priority, language="id") for priority in (1, 3)
    )
    assert f"Laporan {NUMBER} diterima dan diteruskan. DARURAT? Segera telepon 112." == urgent
    assert f"Laporan {NUMBER} diterima dan diteruskan. Simpan nomor ini. DARURAT? Segera telepon 112." == other


def test_long_name_of_a_city() -> None:
    """Where the city's name does not fit, it is left out."""
    city = demo_settings(Path("/nowhere"), {"site": {"name": "K" * 100}})
    assert is_one_sms(Replies(city).info(language="id"))


def test_how_it_stands() -> None:
    """A status in words."""
    assert f"Laporan {NUMBER} (Kebakaran): sedang ditangani. DARURAT? Segera telepon 112." == Replies(DEMO).checked(
        ticket=NUMBER, category="kebakaran", status=Status.HANDLING, language="id"
    )


def test_category_that_the_city_has_given_up() -> None:
    """A ticket outlives its category: the code stands in."""
    assert f"Report {NUMBER} (pasar): closed. EMERGENCY? Call 112 now." == Replies(DEMO).checked(
        ticket=NUMBER, category="pasar", status=Status.CLOSED, language="en"
    )
