"""Which category a complaint belongs to: by what the lexicon knows and by the keywords that the city gives.

The heaviest category has it, as `weighing` tells. The answer names the words that decided, so that an operator can see
why, and a city can mend its keywords.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from siaga112.settings import Category
from sms_gateway.city_entries import CityEntries
from sms_gateway.entries import DECISIVE, OTHERWISE, STRONG, Kind, Lexicon, load_lexicon
from sms_gateway.matching import Matcher
from sms_gateway.patterns import Phrase, Sentence
from sms_gateway.reading import Complaint, read_complaint
from sms_gateway.vocabulary import Vocabulary
from sms_gateway.weighing import OVERRULING, Scale, Weighed, overrules, totals

THRESHOLD = 2.0
"""Less than this says nothing: a vehicle or a rumour of rain is in many messages."""

NEAR = 0.8
"""What a fire or a life must weigh beside something heavier to be what the message is about: to miss one is worse."""

KEPT = OVERRULING | {"kecelakaan", OTHERWISE}
"""What it takes nothing from: who is hurt in a crash is the crash's, and the answer of one who is well is nobody's."""

NOT_URGENT = 3

LIFE_IN_DANGER = 1
"""The priority of such a message, whatever its category's is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The category of a complaint; ``confidence`` runs from 0 (a guess) to 1 (the sender named it).

    ``priority`` is the category's, or 1 where words tell of danger to life (``in_danger``). ``names_a_matter``: it says
    by itself what has happened, so that it may be about something else than what its sender wrote before.
    """

    category: str
    confidence: float
    words: tuple[str, ...]
    priority: int
    in_danger: bool
    names_a_matter: bool


class Classifier:
    """Reads complaints by the categories of one city."""

    def __init__(self, categories: Sequence[Category], lexicon: Lexicon | None = None) -> None:
        lexicon = lexicon or load_lexicon()
        city = CityEntries(categories, lexicon)
        self._priorities = {category.code: category.priority for category in categories}
        self._rank = {category.code: (category.priority, place) for place, category in enumerate(categories)}
        self._otherwise = city.otherwise
        self._names = city.names
        self._normalise = lexicon.writing.normalise
        self._matcher = Matcher((*city.own, *city.common))
        self._danger = Matcher(lexicon.danger)
        self._cries, self._beside_cries = lexicon.cries, lexicon.beside_cries
        self._scale = Scale(lexicon, self._rank, city.otherwise)
        self._vocabulary = _vocabulary(city, lexicon)

    def classify(self, text: str) -> Verdict:
        """Read a message and say what it is about."""
        return self.judge(read_complaint(text))

    def judge(self, complaint: Complaint) -> Verdict:
        """Say what a complaint is about.

        A category that the sender named decides by itself, but for the one for everything else, and for one that can
        wait while the words tell of a fire or a life: who does not find the right name may be in danger all the same.
        """
        hint = self._normalise(complaint.hint)
        words = (*hint, *self._normalise(complaint.body))
        sentence = self._sentence(words)
        weighed = self._weigh(sentence)
        points = _that_count(totals(weighed))
        named = self._named(hint)
        if named and self._can_wait(named) and any(overrules(one) for one in weighed):
            named = None
        category = named or self._heaviest(points)
        in_danger = self._is_cry(words) or next(self._danger.matches(sentence), None) is not None
        own = [one for one in weighed if one.match.entry.category == category and one.weight]
        return Verdict(
            category=category,
            confidence=1.0 if named else _confidence(points, category),
            words=(hint if named else _words(own) if category in points else ()),
            priority=LIFE_IN_DANGER if in_danger else self._priorities[category],
            in_danger=in_danger,
            names_a_matter=named is not None or any(_tells_what_happened(one) for one in own),
        )

    def _is_cry(self, words: Phrase) -> bool:
        """Whether a message calls for help and says nothing else."""
        found = {*words}
        return bool(found & self._cries) and found <= self._cries | self._beside_cries

    def _named(self, hint: Phrase) -> str | None:
        named = self._names.get(hint)
        if named is None and hint:
            points = totals(self._weigh(self._sentence(hint)))
            named = self._heaviest({category: sum_ for category, sum_ in points.items() if sum_ >= STRONG})
        return None if named == self._otherwise else named

    def _can_wait(self, category: str) -> bool:
        return self._priorities[category] == NOT_URGENT

    def _sentence(self, words: Phrase) -> Sentence:
        return Sentence([self._vocabulary.forms(word) for word in words])

    def _weigh(self, sentence: Sentence) -> Sequence[Weighed]:
        return self._scale.weigh(self._matcher.heard(sentence), sentence)

    def _heaviest(self, points: Mapping[str, float]) -> str:
        heaviest = self._first(points)
        if heaviest in KEPT:
            return heaviest
        near = {code: points[code] for code in OVERRULING & points.keys() if points[code] >= NEAR * points[heaviest]}
        return self._first(near or points)

    def _first(self, points: Mapping[str, float]) -> str:
        return min(points, key=lambda code: (-round(points[code], 2), self._rank[code]), default=self._otherwise)


def _vocabulary(city: CityEntries, lexicon: Lexicon) -> Vocabulary:
    entries = (*city.own, *city.common, *lexicon.danger)
    words = {word for entry in entries for word in entry.pattern.words()}
    words |= {word for pattern in lexicon.soften for word in pattern.words()} | lexicon.deny | lexicon.but
    whole = {word for entry in city.common for word in entry.pattern.single_words()}
    return Vocabulary(words, whole, lexicon.ordinary)


def _that_count(points: Mapping[str, float]) -> Mapping[str, float]:
    return {category: sum_ for category, sum_ in points.items() if sum_ >= THRESHOLD}


def _confidence(points: Mapping[str, float], category: str) -> float:
    if category not in points:
        return 0.0
    return max(0.01, round(points[category] / sum(points.values()) * min(1.0, points[category] / DECISIVE), 2))


def _words(weighed: Iterable[Weighed]) -> tuple[str, ...]:
    heaviest_first = sorted(weighed, key=lambda one: -one.weight)
    return tuple(dict.fromkeys(" ".join(one.match.found.phrase) for one in heaviest_first))


def _tells_what_happened(one: Weighed) -> bool:
    return one.match.entry.kind is not Kind.TALK and one.weight >= STRONG
