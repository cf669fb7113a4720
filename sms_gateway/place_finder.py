"""Which place of the city a message names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sms_gateway.entries import Lexicon
from sms_gateway.gazetteer import Place, PlaceType
from sms_gateway.spelling import Spelling

MOST_WORDS = 3
"""Words that a name is at most looked for in: *tegal dlimo* is Tegaldlimo."""

_SIZES = {kind: size for size, kind in enumerate(PlaceType)}

# What stands before a name of a place and nothing else.
_TITLES = frozenset(
    {
        *("kec", "kecamatan", "camat", "ds", "desa", "kel", "kelurahan", "dusun", "dukuh", "lingkungan", "ling"),
        *("kampung", "kp", "wilayah", "daerah", "pasar", "terminal", "stasiun", "polsek", "koramil", "raya", "arah"),
    }
)
# What alone tells the town from the regency of the same name.
_TITLES_OF_TOWNS = frozenset({"kec", "kecamatan", "camat", "kota"})
# What may stand before it, and before much else.
_HINTS = frozenset({"di", "ke", "dari", "sekitar", "area", "pasar", "puskesmas", "simpang", "pertigaan", "perempatan"})
# What a common word that is a place's name too belongs to when one of these follows: di genteng rumah.
_OWNERS = frozenset({"rumah", "masjid", "mushola", "sekolah", "kantor", "tetangga", "kamar", "dapur", "warung", "saya"})


@dataclass(frozen=True, slots=True)
class _Hit:
    place: Place
    words: int
    begins: int


class PlaceFinder:
    """Finds ``places`` by their names, written apart or with a letter wrong.

    A name that is also a word, like Licin (slippery) or Genteng (roof tile), counts only after a word that places
    follow; so does the name of the whole ``city``.
    """

    def __init__(self, places: Sequence[Place], lexicon: Lexicon, city: str) -> None:
        self._normalise = lexicon.writing.normalise
        self._by_key: dict[str, list[Place]] = {}
        for place in places:
            self._by_key.setdefault("".join(self._normalise(place.name)), []).append(place)
        words = {word for entry in lexicon.entries for word in entry.pattern.words()} | lexicon.ordinary
        self._city = frozenset(self._normalise(city))
        self._ambiguous = words | self._city
        self._spelling = Spelling(key for key in self._by_key if key not in self._ambiguous)

    def find(self, text: str) -> Place | None:
        """The smallest place that is named, of several the one whose parent is named too, else the first."""
        words = self._normalise(text) if self._by_key else ()
        hits = list(self._hits(words))
        named = {hit.place.name for hit in hits}
        if not hits:
            return None
        best = min(hits, key=lambda hit: (-_SIZES[hit.place.type], hit.place.parent not in named, hit.begins))
        return best.place

    def _hits(self, words: Sequence[str]) -> Iterator[_Hit]:
        at = 0
        while at < len(words):
            found = next(filter(None, (self._at(words, at, count) for count in range(MOST_WORDS, 0, -1))), ())
            yield from found
            at += found[0].words if found else 1

    def _at(self, words: Sequence[str], at: int, count: int) -> tuple[_Hit, ...]:
        if at + count > len(words):
            return ()
        key = "".join(words[at : at + count])
        before = words[at - 1] if at else ""
        after = words[at + count] if at + count < len(words) else ""
        known = self._by_key.get(key, [])
        if key in self._ambiguous and not self._is_introduced(key, before, after):
            return ()
        if not known and count == 1 and key not in self._ambiguous:
            known = [place for meant in self._spelling.meant_by(key) for place in self._by_key[meant]]
        return tuple(_Hit(place, count, at) for place in known)

    def _is_introduced(self, key: str, before: str, after: str) -> bool:
        if key in self._city:
            return before in _TITLES_OF_TOWNS
        return before in _TITLES or (before in _HINTS and after not in _OWNERS)
