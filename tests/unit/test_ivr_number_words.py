"""Numbers as a voice reads them."""

import pytest

from ivr.prompts.number_words import LARGEST, cardinal, ordinal

CARDINALS = [
    (0, "nol", "zero", "nol"),
    (1, "satu", "one", "setunggal"),
    (9, "sembilan", "nine", "sanga"),
    (10, "sepuluh", "ten", "sedasa"),
    (11, "sebelas", "eleven", "sewelas"),
    (12, "dua belas", "twelve", "kalih welas"),
    (15, "lima belas", "fifteen", "gangsal welas"),
    (19, "sembilan belas", "nineteen", "sanga welas"),
    (20, "dua puluh", "twenty", "kalih dasa"),
    (21, "dua puluh satu", "twenty-one", "selikur"),
    (23, "dua puluh tiga", "twenty-three", "tiga likur"),
    (25, "dua puluh lima", "twenty-five", "selangkung"),
    (50, "lima puluh", "fifty", "seket"),
    (61, "enam puluh satu", "sixty-one", "sewidak setunggal"),
    (99, "sembilan puluh sembilan", "ninety-nine", "sanga dasa sanga"),
    (100, "seratus", "one hundred", "satus"),
    (101, "seratus satu", "one hundred one", "satus setunggal"),
    (112, "seratus dua belas", "one hundred twelve", "satus kalih welas"),
    (200, "dua ratus", "two hundred", "kalih atus"),
    (999, "sembilan ratus sembilan puluh sembilan", "nine hundred ninety-nine", "sanga atus sanga dasa sanga"),
    (1000, "seribu", "one thousand", "sewu"),
    (1001, "seribu satu", "one thousand one", "sewu setunggal"),
    (1100, "seribu seratus", "one thousand one hundred", "sewu satus"),
    (2011, "dua ribu sebelas", "two thousand eleven", "kalih ewu sewelas"),
    (10_000, "sepuluh ribu", "ten thousand", "sedasa ewu"),
    (11_000, "sebelas ribu", "eleven thousand", "sewelas ewu"),
    (100_000, "seratus ribu", "one hundred thousand", "satus ewu"),
    (101_000, "seratus satu ribu", "one hundred one thousand", "satus setunggal ewu"),
    (
        999_999,
        "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
        "nine hundred ninety-nine thousand nine hundred ninety-nine",
        "sanga atus sanga dasa sanga ewu sanga atus sanga dasa sanga",
    ),
    (1_000_000, "satu juta", "one million", "setunggal yuta"),
    (2_001_000, "dua juta seribu", "two million one thousand", "kalih yuta sewu"),
]

ORDINALS = [
    (1, "pertama", "first", "kaping setunggal"),
    (2, "kedua", "second", "kaping kalih"),
    (3, "ketiga", "third", "kaping tiga"),
    (5, "kelima", "fifth", "kaping gangsal"),
    (8, "kedelapan", "eighth", "kaping wolu"),
    (9, "kesembilan", "ninth", "kaping sanga"),
    (10, "kesepuluh", "tenth", "kaping sedasa"),
    (11, "kesebelas", "eleventh", "kaping sewelas"),
    (12, "kedua belas", "twelfth", "kaping kalih welas"),
    (20, "kedua puluh", "twentieth", "kaping kalih dasa"),
    (21, "kedua puluh satu", "twenty-first", "kaping selikur"),
    (100, "keseratus", "one hundredth", "kaping satus"),
    (112, "keseratus dua belas", "one hundred twelfth", "kaping satus kalih welas"),
    (1000, "keseribu", "one thousandth", "kaping sewu"),
]


@pytest.mark.parametrize(("number", "indonesian", "english", "javanese"), CARDINALS)
def test_a_number_is_said_as_people_say_it(number: int, indonesian: str, english: str, javanese: str) -> None:
    """Seratus dua belas, never satu ratus dua belas."""
    assert (indonesian, english, javanese) == tuple(cardinal(number, language) for language in ("id", "en", "jv"))


@pytest.mark.parametrize(("number", "indonesian", "english", "javanese"), ORDINALS)
def test_a_place_is_said_as_people_say_it(number: int, indonesian: str, english: str, javanese: str) -> None:
    """Pertama and not kesatu; ketiga; kedua belas."""
    assert (indonesian, english, javanese) == tuple(ordinal(number, language) for language in ("id", "en", "jv"))


@pytest.mark.parametrize("language", ["id", "en", "jv"])
def test_no_two_numbers_are_said_alike(language: str) -> None:
    """All numbers up to 20 000 and the borders of the millions differ, and none has a digit or a double blank."""
    numbers = [*range(20_000), 999_999, 1_000_000, 1_000_001, LARGEST]
    said = {cardinal(number, language) for number in numbers}

    assert len(numbers) == len(said)
    assert [] == [words for words in said if "  " in words or words != words.strip() or any(map(str.isdigit, words))]


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_has_no_words_is_refused(number: int) -> None:
    """A clear error instead of half a number."""
    with pytest.raises(ValueError, match="is not between"):
        cardinal(number, "id")


def test_there_is_no_place_before_the_first() -> None:
    """Nobody stands in place 0."""
    with pytest.raises(ValueError, match="the first is 1"):
        ordinal(0, "id")
