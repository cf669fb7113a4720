"""What an entry of the lexicon looks for in a message.

``"jalan rusak"``: these words side by side. ``"pohon/dahan + tumbang/roboh"``: one of the left and one of the right, in
any order, with at most `REACH` words between them; with ``>`` for ``+`` in this order alone. ``"^terima kasih"``: where
the message begins.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Phrase = tuple[str, ...]
Normalise = Callable[[str], Phrase]

REACH = 3
"""Words that may stand between the two parts of an entry: *lampu di depan rumah mati*."""

BEGINNING = 2
"""Words that may stand before what an entry with ^ looks for: *ok pak terima kasih*."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`first` and `second` (empty: there is none) are the phrases that each part may be."""

    first: frozenset[Phrase]
    second: frozenset[Phrase] = frozenset()
    in_order: bool = False
    at_beginning: bool = False

    @classmethod
    def parse(cls, text: str, normalise: Normalise) -> "Pattern":
        """Read an entry as it is written in the lexicon."""
        body = text.removeprefix("^")
        in_order = ">" in body
        first, _, second = body.partition(">" if in_order else "+")
        return cls(_phrases(first, normalise), _phrases(second, normalise), in_order, body != text)

    def words(self) -> Iterator[str]:
        """Every word that it knows."""
        for phrase in self.first | self.second:
            yield from phrase

    def single_words(self) -> Iterator[str]:
        """The words that are found wherever they stand."""
        yield from (phrase[0] for phrase in self.first if len(phrase) == 1 and not self.second)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern stands in a message: a bit for each of its words; `begins` is the first one's place."""

    phrase: Phrase
    places: int
    begins: int


class Sentence:
    """A message's words, each with the forms that it may be looked up by."""

    def __init__(self, forms: Sequence[tuple[str, ...]]) -> None:
        self.forms = forms
        self._at: dict[str, list[int]] = {}
        for place, words in enumerate(forms):
            for word in words:
                self._at.setdefault(word, []).append(place)

    def has(self, word: str) -> bool:
        """Whether the word stands anywhere."""
        return word in self._at

    def places(self, phrase: Phrase) -> Iterator[int]:
        """Where a phrase begins."""
        for place in self._at.get(phrase[0], ()):
            if self.stands(phrase, place):
                yield place

    def stands(self, phrase: Phrase, place: int) -> bool:
        """Whether a phrase stands at this place."""
        end = place + len(phrase)
        return end <= len(self.forms) and all(
            word in self.forms[at] for word, at in zip(phrase, range(place, end), strict=True)
        )


def find(pattern: Pattern, phrase: Phrase, place: int, sentence: Sentence) -> Found | None:
    """The pattern, whose `phrase` (one of `first`) may begin at `place`."""
    if not sentence.stands(phrase, place) or (pattern.at_beginning and place > BEGINNING):
        return None
    places = _mask(phrase, place)
    if not pattern.second:
        return Found(phrase, places, place)
    for other in pattern.second:
        for at in sentence.places(other) if sentence.has(other[0]) else ():
            if (at > place or not pattern.in_order) and _near(place, len(phrase), at, len(other)):
                return Found((*phrase, "+", *other), places | _mask(other, at), min(place, at))
    return None


def _phrases(part: str, normalise: Normalise) -> frozenset[Phrase]:
    return frozenset(filter(None, (normalise(phrase) for phrase in part.split("/"))))


def _mask(phrase: Phrase, place: int) -> int:
    return ((1 << len(phrase)) - 1) << place


def _near(first: int, first_length: int, second: int, second_length: int) -> bool:
    if second >= first + first_length:
        return second - (first + first_length) <= REACH
    return second + second_length <= first and first - (second + second_length) <= REACH
