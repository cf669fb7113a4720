"""Complaints go to the category that their words name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga112.settings import demo_settings
from sms_gateway.classifier import Classifier, Verdict

DEMO = Classifier(demo_settings(Path("/nowhere"), {}).categories)


@pytest.mark.parametrize(
    ("text", "category", "confidence"),
    [
        ("LAPOR#kebakaran#ada pohon tumbang", "kebakaran", 1.0),
        ("LAPOR#Kecelakaan lalu lintas#dua motor", "kecelakaan", 1.0),
        ("LAPOR#fire#market", "kebakaran", 1.0),
        ("Warung terbakar, api besar", "kebakaran", 1.0),
        ("tolong ada orang pingsan", "medis", 1.0),
        ("KEBAKARAAAN!!!", "kebakaran", 1.0),
        ("omah kobong", "kebakaran", 1.0),
        ("bukan kebakaran, cuma jalan rusak dan lampu mati", "infrastruktur", 0.86),
        ("LAPOR#lainnya#kebakaran hutan", "kebakaran", 0.8),
        ("LAPOR#lainnya#jam buka kantor", "lainnya", 1.0),
        ("LAPOR#tidak ada#ular masuk rumah", "binatang", 1.0),
        ("ada kecelkaan", "kecelakaan", 0.5),
        ("bnjr", "bencana", 0.5),
        ("selamat pagi", "lainnya", 0.0),
        ("", "lainnya", 0.0),
    ],
)
def test_demo_city(text: str, category: str, confidence: float) -> None:
    """Named by the form, by words, by words of two languages, by words spelt wrong, or not at all."""
    verdict = DEMO.classify(text)
    assert (category, confidence) == (verdict.category, verdict.confidence)


def test_words_that_decided() -> None:
    """The keywords are given as the city wrote them, so that it finds and mends them."""
    assert Verdict("kebakaran", 1.0, ("api", "api besar")) == DEMO.classify("Ada API2 besar")


def test_more_urgent_wins_a_tie() -> None:
    """One word for each of two categories: the one whose lives are in danger, then the first in the list."""
    assert "kebakaran" == DEMO.classify("anjing dan asap").category


@given(st.text())
def test_any_text_has_a_category(text: str) -> None:
    """No text breaks it; without a word that decides the confidence is nought, with one it is not."""
    verdict = DEMO.classify(text)
    assert (verdict.confidence > 0) == bool(verdict.words)
    assert 0 <= verdict.confidence <= 1
