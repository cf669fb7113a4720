"""Words of messages and of keywords come to one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.spelling import Spelling
from sms_gateway.words import normalise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KEBAKARAN di Pasar!", ("kebakaran", "di", "pasar")),
        ("kebakaraaaan tolooong", ("kebakaran", "tolong")),
        ("Ｋｅｂａｋａｒａｎ café", ("kebakaran", "cafe")),
        ("jln rmh bpk, dkt psr", ("jalan", "rumah", "bapak", "dekat", "psr")),
        ("orang2 lari", ("orang", "orang", "lari")),
        ("2 motor, 22 orang", ("2", "motor", "22", "orang")),
        ("jl.Mawar no.12A", ("jalan", "mawar", "no", "12", "a")),
        ("apinya besar, rumahnya roboh", ("api", "besar", "rumah", "roboh")),
        ("hanya tanya punya lainnya", ("hanya", "tanya", "punya", "lainnya")),
        ("massa di kantor", ("massa", "di", "kantor")),
        ("🔥🔥 api\nnaik\tterus", ("api", "naik", "terus")),
        ("", ()),
        (" .,!? ", ()),
    ],
)
def test_normalise(text: str, words: tuple[str, ...]) -> None:
    """Case, accents, width, stretched letters, short forms, doubling by 2 and -nya do not matter."""
    assert words == normalise(text)


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    """No text breaks it, and its words are lower-case letters or digits alone."""
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in normalise(text))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("kebkaran", {"kebakaran"}),
        ("kebakarann", {"kebakaran"}),
        ("kebakarna", {"kebakaran"}),
        ("kbkrn", {"kebakaran"}),
        ("bnjr", {"banjir"}),
        ("banjiir", {"banjir"}),
        ("banjer", set()),
        ("banjir", set()),
        ("xebakaran", set()),
        ("kabekaran", set()),
        ("bnj", set()),
        ("ap", set()),
        ("a", set()),
        ("ban", set()),
    ],
)
def test_spelling(word: str, meant: set[str]) -> None:
    """One letter too many, missing or swapped, or no vowels; never the first letter, another letter, a short word."""
    assert meant == set(Spelling(["kebakaran", "banjir", "api"]).meant_by(word))
