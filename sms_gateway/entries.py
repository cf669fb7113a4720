"""What the program knows of the language by itself: the files of `sms_gateway/lexicon`.

Each file names a category and lists what people write when it has happened, by how much that tells: ``decisive`` words
stand for the category alone, ``strong`` ones unless something decisive speaks against them, ``fair`` and ``slight``
ones add to others. Entries are written as `patterns` says.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import Any

from sms_gateway.patterns import Pattern
from sms_gateway.words import Writing

OTHERWISE = "lainnya"
"""What takes all that is none of the others."""

DECISIVE = 6.0
STRONG = 4.0
WEIGHTS: Mapping[str, float] = {"decisive": DECISIVE, "strong": STRONG, "fair": 2.5, "slight": 1.0}

CATEGORIES = (
    "kebakaran",
    "kecelakaan",
    "binatang",
    "bencana",
    "kamtibmas",
    "kerusuhan",
    "medis",
    "infrastruktur",
    "lainnya",
)
"""The categories that the lexicon knows, by their codes."""


class Kind(Enum):
    """What an entry tells: what happened; what came of it; that nothing did; or nothing, whatever its words say."""

    EVENT = "event"
    CONSEQUENCE = "consequence"
    TALK = "talk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``text`` is how it is written, for people."""

    category: str
    kind: Kind
    weight: float
    text: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, how words are written, the words that change what follows, and what tells of danger to life.

    So does a message of nothing but `cries` and what may stand beside them.
    """

    writing: Writing
    entries: Sequence[Entry]
    danger: Sequence[Entry]
    soften: Sequence[Pattern]
    deny: frozenset[str]
    but: frozenset[str]
    ordinary: frozenset[str]
    cries: frozenset[str]
    beside_cries: frozenset[str]


def load_lexicon() -> Lexicon:
    """Read the files."""
    writing = Writing(dict(_short_forms(_read("short_forms"))))
    context, danger = _read("context"), _read("danger")
    entries = [entry for code in CATEGORIES for entry in _category(_read(code), writing)]
    entries += _entries("", Kind.NOTHING, 0.0, context["nothing"], writing)
    return Lexicon(
        writing=writing,
        entries=tuple(entries),
        danger=tuple(_entries("", Kind.EVENT, 0.0, danger["danger"], writing)),
        soften=tuple(Pattern.parse(text, writing.normalise) for text in context["soften"]),
        deny=_words(context["deny"], writing),
        but=_words(context["but"], writing),
        ordinary=frozenset(_read("ordinary")["words"]),
        cries=_words(danger["cries"], writing),
        beside_cries=_words(danger["beside"], writing),
    )


def _category(table: Mapping[str, Any], writing: Writing) -> Iterator[Entry]:
    for kind in (Kind.EVENT, Kind.CONSEQUENCE, Kind.TALK):
        strengths = table if kind is Kind.EVENT else table.get(kind.value, {})
        for strength, weight in WEIGHTS.items():
            yield from _entries(table["category"], kind, weight, strengths.get(strength, ()), writing)


def _entries(category: str, kind: Kind, weight: float, texts: Sequence[str], writing: Writing) -> Iterator[Entry]:
    for text in texts:
        yield Entry(category, kind, weight, text, Pattern.parse(text, writing.normalise))


def _words(texts: Sequence[str], writing: Writing) -> frozenset[str]:
    return frozenset(word for text in texts for word in writing.normalise(text))


def _short_forms(tables: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in tables.values():
        for right, written in table.items():
            yield from ((form, tuple(right.split())) for form in written)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("sms_gateway") / "lexicon" / f"{name}.toml").read_text("utf-8"))
