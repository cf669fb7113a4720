"""The phone menu as data: keys, what they lead to, and what is said for them. `menu_source` reads it.

However it is written, it never ends a call and never keeps one: every key that means nothing, and silence, lead to an
operator, and so does hearing something again for more than `rounds` times.
"""

from __future__ import annotations

from dataclasses import dataclass

# A caller who cannot choose may be the one who cannot speak either.
MOST_URGENT = 1
# Seconds of silence after the last piece before the operator is called all the same.
KEY_SECONDS = 3.0
# Choices that a caller makes at most before a human is called; asking for the language is one.
MOST_LEVELS = 2

OPERATOR_KEY = "0"
ROUNDS = 2

Names = tuple[tuple[str, str], ...]
"""(language, text)"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A key and the category behind it."""

    key: str
    category: str
    priority: int
    names: Names
    say: Names = ()
    """What is said for the key where that is not its name."""
    prompt: str = ""

    def name(self, language: str) -> str:
        """The category's name in `language`, else in the first one it has, else its code."""
        names = dict(self.names)
        return names.get(language) or next(iter(names.values()), self.category)

    def spoken(self, language: str) -> str:
        """What is said for the key."""
        return dict(self.say).get(language) or self.name(language)


@dataclass(frozen=True, slots=True)
class Submenu:
    """A key and the keys behind it."""

    key: str
    say: Names
    level: Level
    prompt: str = ""

    def spoken(self, language: str) -> str:
        """What is said for the key; "" where nothing is written in this language."""
        return dict(self.say).get(language, "")


@dataclass(frozen=True, slots=True)
class Information:
    """A key and what is said when it is pressed; then the menu again, or an operator."""

    key: str
    say: Names
    message: str
    """Name of the prompt that is played."""
    texts: Names = ()
    then_operator: bool = False
    prompt: str = ""

    def spoken(self, language: str) -> str:
        """What is said for the key; "" where nothing is written in this language."""
        return dict(self.say).get(language, "")


Item = Choice | Submenu | Information


@dataclass(frozen=True, slots=True)
class Level:
    """Keys that are offered together."""

    name: str
    items: tuple[Item, ...]

    def item(self, key: str) -> Item | None:
        """What lies on this key."""
        return next((item for item in self.items if item.key == key), None)


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A key and the language behind it."""

    key: str
    language: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What a caller may press. Every key that is not here leads to an operator."""

    language: str
    """Spoken until another is chosen."""
    languages: tuple[LanguageChoice, ...]
    """Empty: not asked for."""
    first: Level
    operator_key: str = OPERATOR_KEY
    repeat_key: str = ""
    """Empty: none."""
    rounds: int = ROUNDS
    unreached: tuple[str, ...] = ()
    """Names of levels that no key leads to."""

    def language_on(self, key: str) -> str | None:
        """The language on this key."""
        return next((choice.language for choice in self.languages if choice.key == key), None)

    def levels(self) -> tuple[Level, ...]:
        """Every level that can be reached, the first one first, each once."""
        found = {self.first.name: self.first}
        found |= {item.level.name: item.level for item in self.first.items if isinstance(item, Submenu)}
        return tuple(found.values())
