"""A text that is made to be hard is read as fast as any other: it would hold up what everybody else has written."""

from collections.abc import Callable
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siaga112 import phone
from siaga112.settings import demo_settings
from sms_gateway.aml import read_aml
from sms_gateway.classifier import Classifier
from sms_gateway.commands import CommandReader
from sms_gateway.entries import load_lexicon
from sms_gateway.gazetteer import Place, PlaceType
from sms_gateway.language import LanguageGuess
from sms_gateway.place_finder import PlaceFinder
from sms_gateway.reading import read_complaint

LENGTH = 39_000
"""About what 255 parts of an SMS hold (TS 23.040 clause 9.2.3.24.1)."""

LIMIT_S = 2.0
"""Of the processor's time for all readers together, not of the clock: other work on the machine counts for nothing."""

_LEXICON = load_lexicon()
_CATEGORIES = demo_settings(Path("/nowhere"), {}).categories
_READERS: tuple[Callable[[str], object], ...] = (
    CommandReader("BWI").read,
    read_complaint,
    read_aml,
    Classifier(_CATEGORIES, _LEXICON).classify,
    PlaceFinder((Place("Temuguruh", PlaceType.DESA), Place("Genteng", PlaceType.DESA)), _LEXICON, "Banyuwangi").find,
    LanguageGuess(["id", "jv", "en"]).guess,
    phone.normalise,
)

SHAPES = {
    "spaces in the form": ("lapor#", " ", "x"),
    "spaces before the form": ("", " ", "lapor#x"),
    "spaces and a line end": ("lapor#a", " \n", "x"),
    "separators": ("lapor", "#", "x"),
    "the word again": ("", "lapor ", "x"),
    "marks before": ("", "#", "lapor"),
    "dots after a command": ("cek", ".", "x"),
    "a command's nouns": ("cek ", "no ", "x"),
    "marks and nouns": ("cek", " no.", "x"),
    "exclamation marks": ("cek ", "!?.", "x"),
    "digits": ("cek ", "2026", "x"),
    "one letter": ("", "a", ""),
    "two letters": ("", "ab", ""),
    "letters and digits": ("", "a1", ""),
    "digits like letters": ("a", "3b", "9"),
    "possessives": ("", "nya", "x"),
    "prefixes": ("", "meng", "x"),
    "one matter": ("", "api ", ""),
    "one wound": ("", "luka ", ""),
    "wounds and causes": ("", "luka kebakaran rumah ", ""),
    "two parts of an entry": ("", "pohon tumbang ", ""),
    "denials": ("", "bukan ", ""),
    "denials apart": ("bukan", " ", "x"),
    "fears": ("", "takut kebakaran tapi ", ""),
    "misspelt": ("", "kebakarann temugruh ", ""),
    "a place": ("", "di genteng ", ""),
    "AML": ('A"ML=1;', "lt=+", ";"),
    "AML spaces": ('A"ML', " ", "=1"),
    "accents": ("", "e\u0301\u0302", "x"),
    "a number": ("+62", "1", ""),
    "a number's marks": ("(", "( ", "x"),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_long_text_is_read_at_once(shape: tuple[str, str, str]) -> None:
    """Whatever repeats itself in it, time grows with its length and no faster."""
    begin, again, end = shape
    text = begin + again * (LENGTH // len(again)) + end
    before = thread_time()
    for reader in _READERS:
        reader(text)

    assert thread_time() - before < LIMIT_S


_WORDS = sorted({word for entry in (*_LEXICON.entries, *_LEXICON.danger) for word in entry.pattern.words()})
_CLASSIFY = Classifier(_CATEGORIES, _LEXICON).classify
_CODES = {category.code for category in _CATEGORIES}


@settings(deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=30), st.integers(1, 40), st.text(max_size=40))
def test_any_words_have_a_category(words: list[str], times: int, text: str) -> None:
    """However much stands in a message, and however often, it is about something."""
    assert _CLASSIFY(" ".join(words * times) + text).category in _CODES


def test_the_same_word_a_thousand_times() -> None:
    """More entries than a float has powers of two."""
    assert "kebakaran" == _CLASSIFY("api " * 1100).category
