"""Every prompt by its name, and which of them a caller hears in what order.

What is longer than `LONGEST_PIECE` seconds is played in pieces, so that the dialplan's dead-man timer, renewed before
each piece, can be short. A key pressed during any piece counts at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr import number_words, texts
from ivr.menu import Choice, LanguageChoice, Menu, menu_from
from ivr.texts import Texts
from siaga112.settings import Settings

LONGEST_PIECE = 3.0

GREETING = "greeting"
SITE = "site"
NOTICE = "notice"
OPERATOR = "operator"
WAIT = "wait"
BUSY = "busy"
STAY = "stay"
CHALLENGE = "challenge"
PRANK_CHALLENGE = "prank-challenge"

# Places in line and minutes of waiting that there are words for; beyond them a caller is told less.
LAST_POSITION = 20
WAIT_MINUTES = (1, 2, 3, 5, 10, 15)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One sound in one language: its name, which is the file's, and what is said."""

    language: str
    name: str
    text: str


def category_prompt(choice: Choice) -> str:
    """Name of the piece "Kebakaran, satu"."""
    return f"category-{choice.category}"


def language_prompt(choice: LanguageChoice) -> str:
    """Name of the piece "English, two", which exists in that language only."""
    return f"language-{choice.language}"


def position_prompt(position: int) -> str:
    """Name of "Anda berada di urutan ketiga"; `position` is from 1 to `LAST_POSITION`."""
    return f"position-{position}"


def wait_prompt(minutes: int) -> str:
    """Name of "about five minutes"; `minutes` is one of `WAIT_MINUTES`, and 1 says "less than two"."""
    return f"wait-minutes-{minutes}"


def welcome(*, notice: bool) -> tuple[str, ...]:
    """What every caller hears first; `notice`: and that the call is recorded."""
    return (GREETING, SITE, *recording_notice(said=notice))


def recording_notice(*, said: bool) -> tuple[str, ...]:
    """That the call is recorded, alone."""
    return (NOTICE,) if said else ()


def menu_pieces(menu: Menu) -> tuple[str, ...]:
    """The menu itself: first the way out of it, at last that waiting is one too."""
    return (OPERATOR, *map(category_prompt, menu.choices), WAIT) if menu.choices else ()


def has_notice(settings: Settings) -> bool:
    """True if callers are told that the call is recorded."""
    return settings.recording.enabled and settings.recording.notice


def all_prompts(settings: Settings) -> tuple[Prompt, ...]:
    """Every prompt that this city's callers and operators can hear, in each of its languages that has texts."""
    menu = menu_from(settings)
    spoken = [texts.load(language) for language in _languages(settings)]
    return tuple(prompt for language in spoken for prompt in _in_language(settings, menu, language))


def _languages(settings: Settings) -> list[str]:
    wanted = [language.value for language in settings.site.languages]
    return [language for language in wanted if language in texts.available()]


def _in_language(settings: Settings, menu: Menu, language: Texts) -> Iterator[Prompt]:
    for name, text in (*_plain(settings, language), *_counted(language), *_of_menu(menu, language)):
        yield Prompt(language.language, name, text)


Named = tuple[str, str]


def _plain(settings: Settings, language: Texts) -> Iterator[Named]:
    number = language.spoken(settings.site.number)
    for name, text in language.prompts.items():
        yield name, text.format(number=number, site=settings.site.name)


def _counted(language: Texts) -> Iterator[Named]:
    for position in range(1, LAST_POSITION + 1):
        place = number_words.ordinal(position, language.language)
        yield position_prompt(position), language.patterns["position"].format(place=place)
    for minutes in WAIT_MINUTES:
        pattern = language.patterns["wait-minutes" if minutes > 1 else "wait-soon"]
        words = number_words.cardinal(minutes, language.language)
        yield wait_prompt(minutes), pattern.format(minutes=words)


def _of_menu(menu: Menu, language: Texts) -> Iterator[Named]:
    patterns = language.patterns
    yield OPERATOR, patterns["operator"].format(key=language.spoken("0"))
    for asked in menu.languages:
        if asked.language == language.language:
            yield language_prompt(asked), patterns["language"].format(key=language.spoken(asked.key))
    for choice in menu.choices:
        key = language.spoken(choice.key)
        yield category_prompt(choice), patterns["choice"].format(name=choice.name(language.language), key=key)
