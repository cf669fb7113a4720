"""What an entry of the lexicon looks for in a message.

``"jalan rusak"``: these words side by side. ``"pohon/dahan + tumbang/roboh"``: one of the left and one of the right, in
any order, with at most `REACH` words between them; with ``>`` for ``+`` in this order alone. ``"^terima kasih"``: where
the message begins.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Phrase = tuple[str, ...]
Normalise = Callable[[str], Phrase]

REACH = 3
"""Words that may stand between the two parts of an entry: *lampu di depan rumah mati*."""

LONGEST = 4
"""Words that a phrase of a second part has at most."""

BEGINNING = 2
"""Words that may stand before what an entry with ^ looks for: *ok pak terima kasih*."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`first` and `second` (empty: there is none) are the phrases that each part may be, the second by first words."""

    first: frozenset[Phrase]
    second: Mapping[str, Sequence[Phrase]] = field(default_factory=dict)
    in_order: bool = False
    at_beginning: bool = False

    @classmethod
    def parse(cls, text: str, normalise: Normalise) -> "Pattern":
        """Read an entry as it is written in the lexicon."""
        body = text.removeprefix("^")
        in_order = ">" in body
        first, _, second = body.partition(">" if in_order else "+")
        by_first_word: dict[str, list[Phrase]] = {}
        for phrase in sorted(_phrases(second, normalise), key=lambda phrase: (-len(phrase), phrase)):
            by_first_word.setdefault(phrase[0], []).append(phrase)
        return cls(frozenset(_phrases(first, normalise)), by_first_word, in_order, body != text)

    def words(self) -> Iterator[str]:
        """Every word that it knows."""
        for phrase in self.first:
            yield from phrase
        for phrases in self.second.values():
            for phrase in phrases:
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

    def places(self, phrase: Phrase) -> Iterator[int]:
        """Where a phrase begins."""
        for place in self._at.get(phrase[0], ()):
            if self.stands(phrase, place):
                yield place

    def stands(self, phrase: Phrase, place: int) -> bool:
        """Whether a phrase stands at this place."""
        if place + len(phrase) > len(self.forms):
            return False
        for at, word in enumerate(phrase, place):  # noqa: SIM110 - all() takes twice as long here, the hottest place
            if word not in self.forms[at]:
                return False
        return True


def find(pattern: Pattern, phrase: Phrase, place: int, sentence: Sentence) -> Found | None:
    """The pattern, whose `phrase` (one of `first`) may begin at `place`."""
    if not sentence.stands(phrase, place) or (pattern.at_beginning and place > BEGINNING):
        return None
    places = _mask(phrase, place)
    if not pattern.second:
        return Found(phrase, places, place)
    for at, other in _seconds(pattern, phrase, place, sentence):
        if sentence.stands(other, at) and _near(place, len(phrase), at, len(other)):
            return Found((*phrase, "+", *other), places | _mask(other, at), min(place, at))
    return None


def _seconds(pattern: Pattern, phrase: Phrase, place: int, sentence: Sentence) -> Iterator[tuple[int, Phrase]]:
    begins = place if pattern.in_order else max(0, place - REACH - LONGEST)
    ends = min(len(sentence.forms), place + len(phrase) + REACH + 1)
    for at in range(begins, ends):
        for form in sentence.forms[at]:
            for other in pattern.second.get(form, ()):
                yield at, other


def _phrases(part: str, normalise: Normalise) -> Iterable[Phrase]:
    return filter(None, {normalise(phrase) for phrase in part.split("/")})


def _mask(phrase: Phrase, place: int) -> int:
    return ((1 << len(phrase)) - 1) << place


def _near(first: int, first_length: int, second: int, second_length: int) -> bool:
    if second >= first + first_length:
        return second - (first + first_length) <= REACH
    return second + second_length <= first and first - (second + second_length) <= REACH
