"""In which of a city's languages a message is written."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

ENOUGH = 2
"""Words of another language that make a message one of it: a borrowed one is in many."""

_WORD = re.compile(r"[a-z]+")


class LanguageGuess:
    """Chooses among ``languages``; the first is the city's own and wins where nothing speaks against it."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._words = _load(self._languages)

    def guess(self, text: str) -> str:
        """The language of a message."""
        words = _WORD.findall(text.lower())
        counts = {language: sum(word in self._words[language] for word in words) for language in self._languages}
        best = max(self._languages, key=lambda language: counts[language])
        is_clear = counts[best] >= min(ENOUGH, len(words)) and counts[best] > counts[self._languages[0]]
        return best if is_clear else self._languages[0]


def _load(languages: Sequence[str]) -> Mapping[str, frozenset[str]]:
    table = tomllib.loads((files("sms_gateway") / "lexicon" / "languages.toml").read_text("utf-8"))
    return {language: frozenset(table.get(language, ())) for language in languages}
