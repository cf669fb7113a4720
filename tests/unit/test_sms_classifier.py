"""Complaints go to the category that their words name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga112.settings import demo_settings
from siaga112.settings.service import Category
from sms_gateway.classifier import Classifier

DEMO = Classifier(demo_settings(Path("/nowhere"), {}).categories)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("LAPOR#kebakaran#ada pohon tumbang", "kebakaran"),
        ("LAPOR#Kecelakaan lalu lintas#dua motor", "kecelakaan"),
        ("LAPOR#fire#market", "kebakaran"),
        ("LAPOR#laka#depan pasar", "kecelakaan"),
        ("LAPOR#lainnya#kebakaran hutan", "kebakaran"),
        ("LAPOR#lainnya#jam buka kantor", "lainnya"),
        ("LAPOR#infrastruktur#ada kebakaran di pasar", "kebakaran"),
        ("LAPOR#infrastruktur#lampu jalan mati, takut ada korban", "infrastruktur"),
        ("LAPOR#binatang#disengat tawon, pingsan", "binatang"),
        ("LAPOR#damkar#ular masuk rumah", "binatang"),
        ("LAPOR#tidak ada#ular masuk rumah", "binatang"),
        ("KEBAKARAAAN!!!", "kebakaran"),
        ("omah kobong", "kebakaran"),
        ("bukan kebakaran, cuma jalan rusak dan lampu mati", "infrastruktur"),
        ("kabel nempel pohon, takut kebakaran, tolong pln", "infrastruktur"),
        ("kebakaran di dekat lampu merah", "kebakaran"),
        ("kereta api telat", "lainnya"),
        ("menang undian ikan bakar", "lainnya"),
        ("ada kecelkaan", "kecelakaan"),
        ("bnjr", "bencana"),
        ("tabrakan, korban luka parah butuh ambulans", "kecelakaan"),
        ("ada korban luka parah butuh ambulans", "medis"),
        ("terima kasih apinya sudah padam", "lainnya"),
        ("tadi sudah padam tapi sekarang kebakaran", "kebakaran"),
        ("anjing dan asap", "kebakaran"),
        ("info kebakaran di pasar", "kebakaran"),
        ("kebakaran di tps, sampah menumpuk, jalan rusak berlubang", "kebakaran"),
        ("orang pingsan waktu antri bansos di dispendukcapil", "medis"),
        ("selamat pagi", "lainnya"),
        ("", "lainnya"),
    ],
)
def test_demo_city(text: str, category: str) -> None:
    """The form, words alone, words around them, words spelt wrong; of what weighs the same the more urgent."""
    assert category == DEMO.classify(text).category


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("LAPOR#medis#tolong", 1.0),
        ("kebakaran di pasar", 1.0),
        ("anjing", 0.67),
        ("anjing dan asap", 0.33),
        ("selamat", 0.0),
    ],
)
def test_confidence(text: str, confidence: float) -> None:
    """The sender named it; it is decided; one strong word; two that disagree; nothing."""
    assert confidence == DEMO.classify(text).confidence


def test_words_that_decided() -> None:
    """They are told, the weightiest first."""
    assert ("pohon + roboh", "hujan") == DEMO.classify("Hujan. Wit asem AMBRUK!").words


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("tawon di pohon", 2),
        ("disengat tawon, anak tidak sadar", 1),
        ("lampu jalan mati", 3),
        ("tolong kami terjebak di lift", 1),
        ("kucing terjebak di atap", 2),
    ],
)
def test_priority(text: str, priority: int) -> None:
    """The category's, raised by words of danger to life."""
    assert priority == DEMO.classify(text).priority


@pytest.mark.parametrize(
    ("text", "names_a_matter"),
    [
        ("ada kebakaran", True),
        ("LAPOR#medis#tolong", True),
        ("lampu jalan mati", True),
        ("bansos belum cair", True),
        ("korbannya pingsan, butuh ambulans", True),
        ("ada yang luka", False),
        ("lokasi dekat jembatan", False),
        ("terima kasih sudah padam", False),
        ("cepat pak", False),
    ],
)
def test_names_a_matter(text: str, names_a_matter: bool) -> None:
    """Whether a message tells what has happened, or could only go on about what was told before."""
    assert names_a_matter == DEMO.classify(text).names_a_matter


def test_words_of_a_city() -> None:
    """A city's keywords count, in all their forms, and a word that it gives one category is no other's."""
    city = Classifier(
        [
            Category(code="air", keywords=("banjir", "tandon")),
            Category(code="bencana", keywords=()),
            Category(code="umum", keywords=()),
        ]
    )
    texts = ("banjir", "tandonnya bocor", "tndon tumpah, tandom penuh", "gempa", "ular masuk rumah")
    assert ["air", "air", "air", "bencana", "umum"] == [city.classify(text).category for text in texts]


@given(st.text())
def test_any_text_has_a_category(text: str) -> None:
    """No text breaks it; without a word that decides the confidence is nought, with one it is not."""
    verdict = DEMO.classify(text)
    assert (verdict.confidence > 0) == bool(verdict.words)
    assert 0 <= verdict.confidence <= 1
