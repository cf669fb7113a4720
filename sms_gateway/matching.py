"""Which entries of a lexicon stand in a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sms_gateway.entries import Entry
from sms_gateway.patterns import Found, Phrase, Sentence, find


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, and where it stands."""

    entry: Entry
    found: Found


class Matcher:
    """Finds ``entries``, quickly: each is looked for only where one of its first words stands."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_first_word: dict[str, list[tuple[Entry, Phrase]]] = {}
        for entry in entries:
            for phrase in sorted(entry.pattern.first):
                self._by_first_word.setdefault(phrase[0], []).append((entry, phrase))

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        """Every place where an entry stands."""
        for place, forms in enumerate(sentence.forms):
            for form in forms:
                for entry, phrase in self._by_first_word.get(form, ()):
                    found = find(entry.pattern, phrase, place, sentence)
                    if found is not None:
                        yield Match(entry, found)

    def heard(self, sentence: Sentence) -> Sequence[Match]:
        """The entries that count: not those all of whose words are in longer ones, and each category once a place."""
        by_length: dict[int, dict[tuple[int, str], Match]] = {}
        for match in self.matches(sentence):
            same_length = by_length.setdefault(match.found.places.bit_count(), {})
            key = (match.found.places, match.entry.category)
            if key not in same_length or same_length[key].entry.weight < match.entry.weight:
                same_length[key] = match
        heard: list[Match] = []
        taken = 0
        for length in sorted(by_length, reverse=True):
            new = [match for match in by_length[length].values() if match.found.places & ~taken]
            heard += new
            for match in new:
                taken |= match.found.places
        return heard
