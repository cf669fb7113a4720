"""Words of messages and of keywords come to one spelling, and to the words that they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.entries import load_lexicon
from sms_gateway.spelling import Spelling
from sms_gateway.stems import roots
from sms_gateway.vocabulary import Vocabulary

WRITING = load_lexicon().writing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KEBAKARAN di Pasar!", ("kebakaran", "di", "pasar")),
        ("kebakaraaaan tolooong", ("kebakaran", "tolong")),
        ("Ｋｅｂａｋａｒａｎ café", ("kebakaran", "cafe")),
        ("jln rmh bpk, dkt psr", ("jalan", "rumah", "bapak", "dekat", "pasar")),
        ("omah kobong, tulung", ("rumah", "kobong", "tolong")),
        ("makasih gabisa", ("terima", "kasih", "tidak", "bisa")),
        ("orang2 lari", ("orang", "orang", "lari")),
        ("gorong2nya lempar2an", ("gorong", "gorong", "lempar", "lemparan")),
        ("2 motor, 22 orang", ("2", "motor", "22", "orang")),
        ("jl.Mawar no.12A", ("jalan", "mawar", "no", "12", "a")),
        ("k3b4karan t0l0ng rt05 3kg", ("kebakaran", "tolong", "rt", "05", "3", "kg")),
        ("apinya besar, rumahnya roboh", ("api", "besar", "rumah", "roboh")),
        ("hanya tanya punya lainnya", ("hanya", "tanya", "punya", "lainnya")),
        ("api? bukan, banjir", ("api", "banjir")),
        ("bukan banjir", ("bukan", "banjir")),
        ("massa di kantor", ("massa", "di", "kantor")),
        ("🔥🔥 api\nnaik\tterus", ("api", "naik", "terus")),
        ("", ()),
        (" .,!? ", ()),
    ],
)
def test_normalise(text: str, words: tuple[str, ...]) -> None:
    """Case, accents, width, stretched letters, short and Javanese forms, doubling by 2 and -nya do not matter."""
    assert words == WRITING.normalise(text)


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    """No text breaks it, and its words are lower-case letters or digits alone."""
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in WRITING.normalise(text))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("kebkaran", {"kebakaran"}),
        ("kebakarann", {"kebakaran"}),
        ("kebakarna", {"kebakaran"}),
        ("kebakarab", {"kebakaran"}),
        ("kbkrn", {"kebakaran"}),
        ("bnjr", {"banjir"}),
        ("xebakaran", set()),
        ("kabekaran", set()),
        ("banjor", set()),
        ("bonjora", set()),
        ("bnj", set()),
        ("ap", set()),
        ("a", set()),
        ("ban", set()),
    ],
)
def test_spelling(word: str, meant: set[str]) -> None:
    """One letter too many, missing or swapped, wrong in a long word, or no vowels; never the first, no short word."""
    assert meant == set(Spelling(["kebakaran", "banjir", "api"]).meant_by(word))


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("terbakar", "bakar"),
        ("dibakar", "bakar"),
        ("mbakar", "bakar"),
        ("pembakaran", "bakar"),
        ("memukul", "pukul"),
        ("menabrak", "tabrak"),
        ("nabrak", "tabrak"),
        ("ketabrak", "tabrak"),
        ("menyiksa", "siksa"),
        ("nyiram", "siram"),
        ("ngobong", "obong"),
        ("mengeroyok", "keroyok"),
        ("dikeroyok", "keroyok"),
        ("lampune", "lampu"),
        ("banjire", "banjir"),
        ("lempari", "lempar"),
        ("apiku", "api"),
    ],
)
def test_roots(word: str, root: str) -> None:
    """Indonesian and Javanese prefixes, nasals and suffixes come off."""
    assert root in set(roots(word))


def test_vocabulary() -> None:
    """A whole word stays; a known one has its root too; an unknown one is its longest root, else what it may be."""
    vocabulary = Vocabulary(
        words=["terbakar", "bakar", "dirusak", "rusak", "rusa", "banjir", "ular"],
        whole=["terbakar"],
        ordinary=["menular"],
    )
    read = {
        word: vocabulary.forms(word) for word in ("terbakar", "dirusak", "kerusakan", "bnjir", "menular", "kemarin")
    }
    assert {
        "terbakar": ("terbakar",),
        "dirusak": ("dirusak", "rusak"),
        "kerusakan": ("rusak",),
        "bnjir": ("banjir",),
        "menular": ("menular",),
        "kemarin": ("kemarin",),
    } == read
