"""Which category a complaint belongs to, by the keywords that the city gives each category.

A keyword of several words counts for more than one of a single word. The answer always names the words that decided, so
that an operator can see why, and a city can mend its keywords.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from siaga112.settings import Category
from sms_gateway.reading import Complaint, read_complaint
from sms_gateway.words import normalise


@dataclass(frozen=True)
class Verdict:
    """The category of a complaint; ``confidence`` runs from 0 (a guess) to 1 (the sender named it)."""

    category: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Keyword:
    category: str
    words: tuple[str, ...]
    text: str


class Classifier:
    """Reads complaints by the categories of one city; the last category takes what fits nowhere."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self._categories = tuple(categories)
        self._rank = {category.code: (category.priority, place) for place, category in enumerate(categories)}
        self._keywords = tuple(
            _Keyword(category.code, normalise(keyword), keyword)
            for category in categories
            for keyword in (category.code, *category.name.values(), *category.keywords)
        )
        self._otherwise = "lainnya" if "lainnya" in self._rank else self._categories[-1].code

    def classify(self, text: str) -> Verdict:
        """Read a message and say what it is about."""
        return self.judge(read_complaint(text))

    def judge(self, complaint: Complaint) -> Verdict:
        """Say what a complaint is about; a category that the sender named decides by itself."""
        named = self._best(normalise(complaint.hint))
        if named is not None:
            return Verdict(named.category, 1.0, named.words)
        found = self._best(normalise(f"{complaint.hint} {complaint.body}"))
        return found if found is not None else Verdict(self._otherwise, 0.0, ())

    def _best(self, words: tuple[str, ...]) -> Verdict | None:
        hits: dict[str, dict[tuple[str, ...], str]] = {}
        for keyword in self._keywords:
            if _occurs(keyword.words, words):
                hits.setdefault(keyword.category, {})[keyword.words] = keyword.text
        if not hits:
            return None
        # Two words together say more than the same two apart: 1, 3, 5 … points.
        points = {code: sum(2 * len(found) - 1 for found in keywords) for code, keywords in hits.items()}
        best = min(points, key=lambda code: (-points[code], self._rank[code]))
        return Verdict(best, round(points[best] / sum(points.values()), 2), tuple(hits[best].values()))


def _occurs(needle: tuple[str, ...], words: tuple[str, ...]) -> bool:
    length = len(needle)
    return bool(needle) and any(words[at : at + length] == needle for at in range(len(words) - length + 1))
