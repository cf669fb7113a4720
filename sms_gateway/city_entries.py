"""The lexicon as one city uses it: its own categories and keywords, and of the rest what those leave standing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from siaga112.settings import Category
from sms_gateway.entries import DECISIVE, OTHERWISE, STRONG, Entry, Kind, Lexicon
from sms_gateway.patterns import Pattern, Phrase


class CityEntries:
    """Of ``categories`` the one called `OTHERWISE`, else the last, is ``otherwise``: it takes what fits nowhere."""

    def __init__(self, categories: Sequence[Category], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.otherwise = next((each.code for each in categories if each.code == OTHERWISE), categories[-1].code)
        self.names = {
            lexicon.writing.normalise(name): category.code
            for category in categories
            for name in (category.code, *category.name.values())
        }
        self._codes = {category.code for category in categories}
        self.own = tuple(self._of_city(categories))
        self.common = tuple(self._left_standing())

    def _of_city(self, categories: Sequence[Category]) -> Iterator[Entry]:
        known = {
            (entry.category, phrase)
            for entry in self._lexicon.entries
            if entry.kind is not Kind.EVENT and not entry.pattern.second
            for phrase in entry.pattern.first
        }
        for category in categories:
            if category.code == self.otherwise:
                continue
            for keyword in (category.code, *category.name.values(), *category.keywords):
                phrase = self._lexicon.writing.normalise(keyword)
                if phrase and (category.code, phrase) not in known:
                    weight = STRONG if len(phrase) == 1 else DECISIVE
                    yield Entry(category.code, Kind.EVENT, weight, keyword, Pattern(frozenset({phrase})))

    def _left_standing(self) -> Iterator[Entry]:
        """A word that the city gives a category is no other category's."""
        own: dict[Phrase, str] = {phrase: entry.category for entry in self.own for phrase in entry.pattern.first}
        for entry in self._lexicon.entries:
            category = self.otherwise if entry.category == OTHERWISE else entry.category
            if category and category not in self._codes:
                continue
            first = entry.pattern.first
            if not entry.pattern.second:
                first = frozenset(phrase for phrase in first if own.get(phrase, category) == category)
            if first:
                yield replace(entry, category=category, pattern=replace(entry.pattern, first=first))
