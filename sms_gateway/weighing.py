"""What the entries that stand in a message weigh for each category.

A table of weights, no more: each entry adds its weight to its category, each further one half as much as the one
before. Words around it may soften an entry (*takut kebakaran*) or deny it (*bukan kebakaran*).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sms_gateway.entries import STRONG, Kind, Lexicon
from sms_gateway.matching import Match
from sms_gateway.patterns import Sentence

SOFTENED = 0.4
"""What is left of an entry that is feared or asked about, and of a consequence whose cause is told."""

SOFTENED_REACH = 3
"""Words after one that softens which it speaks of."""

CAUSES = frozenset({"kebakaran", "kecelakaan", "bencana", "kamtibmas", "kerusuhan"})
"""What leaves people hurt: the wounded of an accident are the accident's."""

LASTING = frozenset({"infrastruktur", "lainnya"})
"""What is as true when it is feared or asked about."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A match and what it weighs here."""

    match: Match
    weight: float


class Scale:
    """Weighs by the context words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._soften = lexicon.soften
        self._deny = lexicon.deny
        self._but = lexicon.but

    def weigh(self, matches: Sequence[Match], sentence: Sentence) -> Sequence[Weighed]:
        """Give each match its weight in this message."""
        factors = self._factors(sentence)
        taken_back = max(_places_of(self._but, sentence), default=-1)
        weighed = [Weighed(match, _weight(match, factors, taken_back)) for match in matches]
        if not any(_tells_the_cause(one) for one in weighed):
            return weighed
        return [
            Weighed(one.match, one.weight * (SOFTENED if one.match.entry.kind is Kind.CONSEQUENCE else 1.0))
            for one in weighed
        ]

    def _factors(self, sentence: Sentence) -> Mapping[int, float]:
        factors: dict[int, float] = {}
        for pattern in self._soften:
            for phrase in pattern.first:
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
        category: sum(weight / 2**place for place, weight in enumerate(sorted(of_one, reverse=True)))
        for category, of_one in weights.items()
    }


def _weight(match: Match, factors: Mapping[int, float], taken_back: int) -> float:
    entry, begins = match.entry, match.found.begins
    if entry.kind is Kind.TALK:
        return 0.0 if begins < taken_back else entry.weight
    return entry.weight if entry.category in LASTING else entry.weight * factors.get(begins, 1.0)


def _tells_the_cause(one: Weighed) -> bool:
    entry = one.match.entry
    return entry.kind is Kind.EVENT and entry.category in CAUSES and one.weight >= STRONG


def _places_of(words: frozenset[str], sentence: Sentence) -> list[int]:
    return [place for word in words for place in sentence.places((word,))]
