"""Numbers as words, to be read aloud: 0 to 999 999 999, and the first, second, third of a line.

Javanese is krama, the polite level, as a service speaks to a citizen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

LARGEST = 999_999_999


@dataclass(frozen=True, slots=True)
class _Speech:
    """How one language counts."""

    below_hundred: Callable[[int], str]
    hundreds: Callable[[int], str]  # 1 to 9: "seratus"
    thousands: Callable[[int, str], str]  # 1 to 999 and its words: "seribu"
    millions: Callable[[int, str], str]
    ordinal: Callable[[int, str], str]  # the number and its words: "ketiga"


def cardinal(number: int, language: str) -> str:
    """`number` in words: "seratus dua belas". Raises `ValueError` if it is negative or too large."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    speech = _LANGUAGES[language]
    return _spoken(number, speech) if number else speech.below_hundred(0)


def ordinal(number: int, language: str) -> str:
    """The place `number` in words, from 1: "pertama", "ketiga", "twenty-first"."""
    if number < 1:
        raise ValueError(f"{number} is no place: the first is 1")
    return _LANGUAGES[language].ordinal(number, cardinal(number, language))


def _spoken(number: int, speech: _Speech) -> str:
    millions, rest = divmod(number, 1_000_000)
    thousands, rest = divmod(rest, 1000)
    parts = [
        speech.millions(millions, _below_thousand(millions, speech)) if millions else "",
        speech.thousands(thousands, _below_thousand(thousands, speech)) if thousands else "",
        _below_thousand(rest, speech),
    ]
    return _joined(*parts)


def _below_thousand(number: int, speech: _Speech) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [speech.hundreds(hundreds) if hundreds else "", speech.below_hundred(rest) if rest else ""]
    return _joined(*parts)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


# -- Indonesian

_ID = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def _id_below_hundred(number: int) -> str:
    tens, unit = divmod(number, 10)
    if number < len(_ID):
        return _ID[number]
    return f"{_ID[unit]} belas" if tens == 1 else _joined(f"{_ID[tens]} puluh", _ID[unit] if unit else "")


_INDONESIAN = _Speech(
    below_hundred=_id_below_hundred,
    hundreds=lambda count: "seratus" if count == 1 else f"{_ID[count]} ratus",
    thousands=lambda count, words: "seribu" if count == 1 else f"{words} ribu",
    millions=lambda _, words: f"{words} juta",
    ordinal=lambda number, words: "pertama" if number == 1 else f"ke{words}",
)

# -- English

_EN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_ORDINALS: Mapping[str, str] = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _en_below_hundred(number: int) -> str:
    tens, unit = divmod(number, 10)
    if number < len(_EN):
        return _EN[number]
    return f"{_EN_TENS[tens]}-{_EN[unit]}" if unit else _EN_TENS[tens]


def _en_ordinal(_: int, words: str) -> str:
    start = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[start:]
    return words[:start] + _EN_ORDINALS.get(
        last, f"{last.removesuffix('y')}ieth" if last.endswith("y") else f"{last}th"
    )


_ENGLISH = _Speech(
    below_hundred=_en_below_hundred,
    hundreds=lambda count: f"{_EN[count]} hundred",
    thousands=lambda _, words: f"{words} thousand",
    millions=lambda _, words: f"{words} million",
    ordinal=_en_ordinal,
)

# -- Javanese

_JV = ("nol", "setunggal", "kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga", "sedasa", "sewelas")
_JV_WHOLE: Mapping[int, str] = {21: "selikur", 25: "selangkung", 50: "seket", 60: "sewidak"}


def _jv_below_hundred(number: int) -> str:
    tens, unit = divmod(number, 10)
    if number < len(_JV):
        return _JV[number]
    if number in _JV_WHOLE:
        return _JV_WHOLE[number]
    if unit and tens in (1, 2):
        return f"{_JV[unit]} {'welas' if tens == 1 else 'likur'}"
    return _joined(_JV_WHOLE.get(tens * 10, f"{_JV[tens]} dasa"), _JV[unit] if unit else "")


_JAVANESE = _Speech(
    below_hundred=_jv_below_hundred,
    hundreds=lambda count: "satus" if count == 1 else f"{_JV[count]} atus",
    thousands=lambda count, words: "sewu" if count == 1 else f"{words} ewu",
    millions=lambda _, words: f"{words} yuta",
    ordinal=lambda _, words: f"kaping {words}",
)

_LANGUAGES: Mapping[str, _Speech] = {"id": _INDONESIAN, "en": _ENGLISH, "jv": _JAVANESE}
