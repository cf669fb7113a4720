"""Which word is meant by one that is spelt wrong, as thumbs in a hurry do it, and who leaves out the vowels."""

import re
from collections.abc import Iterable, Iterator

SHORTEST = 6
"""Letters of a word that one letter more or less does not make another word of."""

SHORTEST_WITH_ANOTHER = 8
"""Letters of a word that another letter makes no other word of: of todong (rob) it makes tolong (help)."""

SHORTEST_SKELETON = 4
"""Consonants that tell a word without its vowels: bnjr is banjir."""

_VOWELS = re.compile("[aeiou]")


class Spelling:
    """Knows the words that may be meant; the first letter is taken to be right."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_skeleton: dict[str, list[str]] = {}
        self._by_start_and_length: dict[tuple[str, int], list[str]] = {}
        for word in dict.fromkeys(words):
            if len(_skeleton(word)) >= SHORTEST_SKELETON:
                self._by_skeleton.setdefault(_skeleton(word), []).append(word)
            if len(word) >= SHORTEST:
                self._by_start_and_length.setdefault((word[0], len(word)), []).append(word)

    def meant_by(self, word: str) -> Iterator[str]:
        """The words that lack only vowels in it, or in which one letter is missing, too many, swapped or wrong."""
        for right in self._by_skeleton.get(_skeleton(word), ()):
            if word[0] == right[0] and _lacks_letters_of(word, right):
                yield right
        for length in range(len(word) - 1, len(word) + 2):
            for right in self._by_start_and_length.get((word[0], length), ()):
                if _one_edit_apart(word, right):
                    yield right


def _skeleton(word: str) -> str:
    return _VOWELS.sub("", word)


def _lacks_letters_of(word: str, right: str) -> bool:
    rest = iter(right)
    return len(word) < len(right) and all(letter in rest for letter in word)


def _one_edit_apart(first: str, second: str) -> bool:
    length = len(second)
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    swapped = len(first) == len(second) == 2 and first == second[::-1]
    another = len(first) == len(second) == 1 and length >= SHORTEST_WITH_ANOTHER
    return swapped or another or len(first) + len(second) == 1
