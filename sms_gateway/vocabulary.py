"""From a word as it is written to the words of the lexicon that it may be."""

from collections.abc import Iterable
from functools import lru_cache

from sms_gateway.spelling import Spelling
from sms_gateway.stems import roots

REMEMBERED = 20_000
"""Words whose reading is kept: what people write repeats itself."""


class Vocabulary:
    """Knows the ``words`` that entries are made of.

    Those that are ``whole`` say all that they say as they stand, whatever their root: *sampah terbakar* burns, *sampah
    dibakar* may not. An ``ordinary`` word of the language is never taken for another one.
    """

    def __init__(self, words: Iterable[str], whole: Iterable[str], ordinary: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._whole = frozenset(whole) | frozenset(ordinary)
        self._spelling = Spelling(sorted(self._words))
        self.forms = lru_cache(REMEMBERED)(self._forms)

    def _forms(self, word: str) -> tuple[str, ...]:
        """What a word may be looked up by: itself, and its root; where it is unknown, what was meant by it."""
        if word in self._whole:
            return (word,)
        if word in self._words:
            return (word, *self._root(word))
        return self._root(word) or tuple(dict.fromkeys(self._spelling.meant_by(word))) or (word,)

    def _root(self, word: str) -> tuple[str, ...]:
        """The longest one: *kerusakan* has *rusak* in it, and no *rusa*."""
        longest = max((root for root in roots(word) if root in self._words), key=len, default="")
        return (longest,) if longest else ()
