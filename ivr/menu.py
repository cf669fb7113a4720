"""The phone menu as data: one level of categories by their digits, before it the language where the city asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from siaga112.settings import Language, Settings

# A caller who cannot choose may be the one who cannot speak either.
MOST_URGENT = 1
# Seconds of silence after the last piece before the operator is called all the same.
KEY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A key and the category behind it."""

    key: str
    category: str
    priority: int
    names: tuple[tuple[str, str], ...]  # (language, name)

    def name(self, language: str) -> str:
        """The category's name in `language`, else in the first one it has, else its code."""
        names = dict(self.names)
        return names.get(language) or next(iter(names.values()), self.category)


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A key and the language behind it."""

    key: str
    language: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What a caller may press. Every key that is not here leads to an operator."""

    language: str
    languages: tuple[LanguageChoice, ...]  # empty: not asked for
    choices: tuple[Choice, ...]

    def choice(self, key: str) -> Choice | None:
        """The category on this key."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def language_on(self, key: str) -> str | None:
        """The language on this key."""
        return next((choice.language for choice in self.languages if choice.key == key), None)


def menu_from(settings: Settings) -> Menu:
    """The menu of the configured categories, in the order of their digits."""
    languages = [language.value for language in settings.site.languages]
    asked = languages if settings.ivr.language_menu and len(languages) > 1 else []
    choices = (
        Choice(str(category.digit), category.code, category.priority, _names(category.name))
        for category in sorted(settings.categories, key=lambda category: category.digit or 0)
        if category.digit is not None
    )
    return Menu(
        languages[0],
        tuple(LanguageChoice(str(number), language) for number, language in enumerate(asked, start=1)),
        tuple(choices),
    )


def _names(by_language: Mapping[Language, str]) -> tuple[tuple[str, str], ...]:
    return tuple((language.value, name) for language, name in by_language.items())
