"""Which words a word may come from: Indonesian and Javanese take affixes off both ends, and a nasal hides a letter.

Nothing here knows which of the guesses is a word; who asks looks them up.
"""

from collections.abc import Iterator

SHORTEST_ROOT = 4
"""Letters below which what is left after a prefix is chance: a word like *terapi* has no *api* in it."""

_SUFFIXES = ("nya", "kan", "lah", "kah", "an", "i", "ku", "mu", "ake", "ane", "ne", "en", "e", "no", "na", "ke")
"""Javanese -e, -ne, -ane, -ake, -en and East Javanese -no stand beside Indonesian -nya, -kan, -an and -i."""

_PREFIXES = ("di", "ke", "ter", "ber", "be", "per", "pe", "se", "te", "ku", "tak", "kok", "me", "pem", "mem")

# A nasal in the place of the root's first letter, or before it: memukul, nyuri, ngobong, mbakar.
_NASALS = {
    "meny": ("s", "c"),
    "peny": ("s",),
    "ny": ("s", "c"),
    "meng": ("k", ""),
    "peng": ("k", ""),
    "ng": ("k", ""),
    "men": ("t", ""),
    "pen": ("t", ""),
    "n": ("t", ""),
    "mem": ("p", ""),
    "pem": ("p", ""),
    "m": ("p", ""),
}


def roots(word: str) -> Iterator[str]:
    """The words that `word` may be made of, the one with the fewest affixes taken off first."""
    stripped = [word[: -len(suffix)] for suffix in _SUFFIXES if word.endswith(suffix)]
    yield from (rest for rest in stripped if len(rest) >= SHORTEST_ROOT - 1)
    for stem in (word, *stripped):
        yield from (root for root in _without_prefix(stem) if len(root) >= SHORTEST_ROOT)


def _without_prefix(word: str) -> Iterator[str]:
    for prefix in _PREFIXES:
        if word.startswith(prefix):
            yield word[len(prefix) :]
    for nasal, hidden in _NASALS.items():
        if word.startswith(nasal):
            rest = word[len(nasal) :]
            yield from (letter + rest for letter in hidden)
    for prefix in ("di", "ke", "ter", "be"):
        # ketubruk is ke + tubruk, dikeroyok di + keroyok: one more prefix may stand before another.
        for inner in ("per", "ke", "se"):
            if word.startswith(prefix + inner):
                yield word[len(prefix + inner) :]
