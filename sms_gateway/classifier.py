"""Which category a complaint belongs to, by the keywords that the city gives each category.

A keyword of several words counts for more than one of a single word. The answer always names the words that decided, so
that an operator can see why, and a city can mend its keywords.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from siaga112.settings import Category
from sms_gateway.reading import Complaint, read_complaint
from sms_gateway.spelling import Spelling
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
        keywords = [
            _Keyword(category.code, words, keyword)
            for category in categories
            for keyword in (category.code, *category.name.values(), *category.keywords)
            if (words := normalise(keyword))
        ]
        self._by_first_word = _by_first_word(keywords)
        self._spelling = Spelling(keyword.words[0] for keyword in keywords if len(keyword.words) == 1)
        self._otherwise = "lainnya" if "lainnya" in self._rank else self._categories[-1].code

    def classify(self, text: str) -> Verdict:
        """Read a message and say what it is about."""
        return self.judge(read_complaint(text))

    def judge(self, complaint: Complaint) -> Verdict:
        """Say what a complaint is about.

        A category that the sender named decides by itself, but for the one for everything else: who does not find the
        right one may be in danger all the same. Words that are spelt wrong count only where no word is right.
        """
        named = self._best(normalise(complaint.hint))
        if named is not None and named.category != self._otherwise:
            return Verdict(named.category, 1.0, named.words)
        words = normalise(f"{complaint.hint} {complaint.body}")
        found = self._best(words) or self._best_guess(words)
        return found if found is not None else Verdict(self._otherwise, 0.0, ())

    def _best(self, words: tuple[str, ...]) -> Verdict | None:
        hits: dict[str, dict[tuple[str, ...], str]] = {}
        for keyword in self._found_in(words):
            hits.setdefault(keyword.category, {})[keyword.words] = keyword.text
        if not hits:
            return None
        # Two words together say more than the same two apart: 1, 3, 5 … points.
        points = {code: sum(2 * len(found) - 1 for found in keywords) for code, keywords in hits.items()}
        best = min(points, key=lambda code: (-points[code], self._rank[code]))
        return Verdict(best, round(points[best] / sum(points.values()), 2), tuple(hits[best].values()))

    def _found_in(self, words: tuple[str, ...]) -> Iterator[_Keyword]:
        for at, word in enumerate(words):
            for keyword in self._by_first_word.get(word, ()):
                if words[at : at + len(keyword.words)] == keyword.words:
                    yield keyword

    def _best_guess(self, words: tuple[str, ...]) -> Verdict | None:
        found = self._best(tuple(meant for word in words for meant in self._spelling.meant_by(word)))
        return replace(found, confidence=round(found.confidence / 2, 2)) if found else None


def _by_first_word(keywords: Iterable[_Keyword]) -> Mapping[str, Sequence[_Keyword]]:
    sorted_in: dict[str, list[_Keyword]] = {}
    for keyword in keywords:
        sorted_in.setdefault(keyword.words[0], []).append(keyword)
    return sorted_in
