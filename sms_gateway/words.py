"""Words as people type them into a phone, brought to one spelling so that they can be compared.

`Writing.normalise` is used on the messages and on the keywords alike: what matters is that both end up the same.
"""

import re
import unicodedata
from collections.abc import Mapping

_TOKEN = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"[a-z]+|[0-9]+")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_POSSESSIVE = re.compile(r"(?<=[a-z]{3})(?<!^lain)nya$")
# orang2, gorong2nya, lempar2an: the word said twice.
_TWICE = re.compile(r"([a-z]+)2(nya|an|e)?")
# k3bakaran, b4njir: digits that look like letters, inside a word of at least four; 4a, rt05 and 3kg are none.
_DISGUISED = re.compile(r"(?=[a-z0-9]{4})[a-z]+(?:[013457][a-z]+)+")
# "Kebakaran? Bukan, banjir": a denial that stands apart is of what came before it, and of nothing that follows.
_DENIAL_APART = re.compile(r"\b(?:bukan|bkn|dudu)\s*[,.;:!?]")
_LOOKS_LIKE = str.maketrans("013457", "oieast")


class Writing:
    """How the people of a place write: ``short_forms`` maps what stands for other words to those words."""

    def __init__(self, short_forms: Mapping[str, tuple[str, ...]]) -> None:
        self._short_forms = short_forms

    def normalise(self, text: str) -> tuple[str, ...]:
        """Split into lower-case words: accents and -nya off, stretched letters shrunk, short forms written out."""
        plain = unicodedata.normalize("NFKD", text.lower())
        plain = "".join(character for character in plain if not unicodedata.combining(character))
        words: list[str] = []
        for token in _TOKEN.findall(_LONG_RUN.sub(r"\1", _DENIAL_APART.sub(" ", plain))):
            for part in _parts(token):
                words.extend(self._written_out(part))
        return tuple(words)

    def _written_out(self, word: str) -> tuple[str, ...]:
        plain = self._short_forms.get(word)
        if plain is not None:
            return plain
        bare = _POSSESSIVE.sub("", word)
        return self._short_forms.get(bare, (bare,))


def _parts(token: str) -> list[str]:
    if token.isalpha():
        return [token]
    if twice := _TWICE.fullmatch(token):
        word, ending = twice.groups()
        return [word, word + (ending or "")]
    if _DISGUISED.fullmatch(token):
        return [token.translate(_LOOKS_LIKE)]
    return _LETTERS.findall(token)
