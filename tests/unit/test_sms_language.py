"""The language of a message is guessed, among those of the city."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.language import LanguageGuess

ALL = ("id", "en", "jv")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("kebakaran di pasar, tolong damkar", "id"),
        ("There is a fire near my house", "en"),
        ("help", "en"),
        ("snake in my garage please help", "en"),
        ("tulung pak omah kobong nang purwoharjo", "jv"),
        ("umah isun kobong, tulung geni gedhe nang sobo", "jv"),
        ("lampu traffic light mati di simpang", "id"),
        ("tulung ada kebakaran di rumah saya", "id"),
        ("BWI-2026-000123", "id"),
        ("", "id"),
    ],
)
def test_guess(text: str, language: str) -> None:
    """A word or two decide; a borrowed one does not, nor does nothing at all."""
    assert language == LanguageGuess(ALL).guess(text)


@pytest.mark.parametrize(
    ("languages", "language"), [(("id", "en"), "id"), (("jv", "id"), "jv"), (("en",), "en"), (("en", "jv"), "jv")]
)
def test_languages_of_the_city(languages: tuple[str, ...], language: str) -> None:
    """Only these are chosen; the first is taken when none speaks for itself."""
    assert language == LanguageGuess(languages).guess("omah kobong nang sobo")


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    """No text breaks it."""
    assert LanguageGuess(ALL).guess(text) in ALL
