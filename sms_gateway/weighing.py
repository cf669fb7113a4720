"""What the entries that stand in a message weigh for each category.

A table of weights, no more: each entry adds its weight to its category, each further one half as much as the one
before. Words around it may soften an entry (*takut kebakaran*) or deny it (*bukan kebakaran*).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ldexp

from sms_gateway.entries import DECISIVE, STRONG, Entry, Kind, Lexicon
from sms_gateway.matching import Match
from sms_gateway.patterns import Sentence

SOFTENED = 0.4
"""What is left of an entry that is feared or asked about, and of a consequence whose cause is told."""

SOFTENED_REACH = 3
"""Words after one that softens which it speaks of."""

CAUSES = frozenset({"kebakaran", "kecelakaan", "bencana", "kamtibmas", "kerusuhan"})
"""What leaves people hurt: the wounded of an accident are the accident's."""

OVERRULING = frozenset({"kebakaran", "medis"})
"""What is that first of all, however much is said of the place: the road there, the lamps, the office in it."""

LASTING = frozenset({"infrastruktur", "lainnya"})
"""What is as true when it is feared or asked about."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A match and what it weighs here."""

    match: Match
    weight: float


class Scale:
    """Weighs by the context words of a lexicon; ``otherwise`` is the one of ``categories`` that takes the rest."""

    def __init__(self, lexicon: Lexicon, categories: Collection[str], otherwise: str) -> None:
        self._matters = frozenset(categories) - {otherwise}
        self._otherwise = otherwise
        self._soften = [phrase for pattern in lexicon.soften for phrase in sorted(pattern.first)]
        self._deny = lexicon.deny
        self._but = lexicon.but

    def weigh(self, matches: Sequence[Match], sentence: Sentence) -> Sequence[Weighed]:
        """Give each match its weight in this message."""
        factors = self._factors(sentence)
        taken_back = max(_places_of(self._but, sentence), default=-1)
        weighed = [Weighed(match, _weight(match, factors, taken_back)) for match in matches]
        is_overruled = self._overruled_by(weighed)
        return [
            Weighed(one.match, one.weight * (SOFTENED if is_overruled(one.match.entry) else 1.0)) for one in weighed
        ]

    def _overruled_by(self, weighed: Sequence[Weighed]) -> Callable[[Entry], bool]:
        """Which entries count for less beside the others of their message."""
        # Each is asked once for the whole message, not for each of its entries: a text may be long, and say one thing.
        cause_is_told = any(_happened(one, STRONG, CAUSES) for one in weighed)
        matter_is_told = any(_happened(one, DECISIVE, self._matters) for one in weighed)
        life_is_told = any(overrules(one) for one in weighed)

        def is_overruled(entry: Entry) -> bool:
            if entry.kind is Kind.CONSEQUENCE:
                return cause_is_told
            if entry.kind is not Kind.EVENT:
                return False
            if entry.category == self._otherwise:
                return matter_is_told
            return entry.category in LASTING and life_is_told

        return is_overruled

    def _factors(self, sentence: Sentence) -> Mapping[int, float]:
        factors: dict[int, float] = {}
        for phrase in self._soften:
            for place in sentence.places(phrase):
                begins = place + len(phrase)
                factors.update(dict.fromkeys(range(begins, begins + SOFTENED_REACH), SOFTENED))
        factors.update({place + 1: 0.0 for place in _places_of(self._deny, sentence)})
        return factors


def totals(weighed: Sequence[Weighed]) -> Mapping[str, float]:
    """The sum for each category."""
    weights: dict[str, list[float]] = {}
    for one in weighed:
        if one.weight:
            weights.setdefault(one.match.entry.category, []).append(one.weight)
    return {
        category: sum(ldexp(weight, -place) for place, weight in enumerate(sorted(of_one, reverse=True)))
        for category, of_one in weights.items()
    }


def _weight(match: Match, factors: Mapping[int, float], taken_back: int) -> float:
    entry, begins = match.entry, match.found.begins
    if entry.kind is Kind.TALK:
        return 0.0 if begins < taken_back else entry.weight
    return entry.weight if entry.category in LASTING else entry.weight * factors.get(begins, 1.0)


def overrules(one: Weighed) -> bool:
    """Whether this tells of a fire or a life, beside which nothing counts that can wait."""
    return one.match.entry.kind is Kind.EVENT and _happened(one, DECISIVE, OVERRULING)


def _happened(one: Weighed, weight: float, among: Collection[str]) -> bool:
    entry = one.match.entry
    return entry.kind is not Kind.TALK and entry.category in among and one.weight >= weight


def _places_of(words: frozenset[str], sentence: Sentence) -> list[int]:
    return [place for word in words for place in sentence.places((word,))]
