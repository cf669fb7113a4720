"""Every prompt by its name, and which of them a caller hears in what order.

What is longer than `LONGEST_PIECE` seconds is played in pieces, so that the dialplan's dead-man timer, renewed before
each piece, can be short. A key pressed during any piece counts at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.menu.menu import Information, Item, LanguageChoice, Level, Menu
from ivr.menu.source import menu_from
from ivr.prompts import number_words, texts
from ivr.prompts.cutting import LONGEST_PIECE
from ivr.prompts.texts import Texts
from siaga112.settings import Settings

GREETING = "greeting"
SITE = "site"
NOTICE = "notice"
OPERATOR = "operator"
REPEAT = "repeat"
WAIT = "wait"
BUSY = "busy"
STAY = "stay"
CHALLENGE = "challenge"
PRANK_CHALLENGE = "prank-challenge"

# Places in line and minutes of waiting that there are words for; beyond them a caller is told less.
LAST_POSITION = 20
WAIT_MINUTES = (1, 2, 3, 5, 10, 15)


# Seconds that a caller, or an operator, should have to listen at most.
LONGEST_SENTENCE = 8.0
LONGEST_INFORMATION = 30.0
SENTENCES = frozenset({CHALLENGE, PRANK_CHALLENGE, "recording-prompt-start"})


@dataclass(frozen=True, slots=True)
class Prompt:
    """One sound in one language: its name, which is the file's, and what is said."""

    language: str
    name: str
    text: str
    longest: float = LONGEST_PIECE
    """Seconds that it should last at most."""


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


def level_pieces(menu: Menu, level: Level) -> tuple[str, ...]:
    """One level of the menu: at the first the way out of it comes before, and that waiting is one too after it."""
    if not level.items:
        return ()
    offered = tuple(item.prompt for item in level.items)
    if level is not menu.first:
        return offered
    return (OPERATOR, *offered, *((REPEAT,) if menu.repeat_key else ()), WAIT)


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


def _in_language(settings: Settings, menu: Menu, language: Texts) -> tuple[Prompt, ...]:
    return (*_plain(settings, language), *_counted(language), *_of_menu(menu, language))


def _plain(settings: Settings, language: Texts) -> Iterator[Prompt]:
    number = language.spoken(settings.site.number)
    for name, text in language.prompts.items():
        words = text.format(number=number, site=settings.site.name)
        yield Prompt(language.language, name, words, LONGEST_SENTENCE if name in SENTENCES else LONGEST_PIECE)


def _counted(language: Texts) -> Iterator[Prompt]:
    for position in range(1, LAST_POSITION + 1):
        place = number_words.ordinal(position, language.language)
        yield Prompt(language.language, position_prompt(position), language.patterns["position"].format(place=place))
    for minutes in WAIT_MINUTES:
        pattern = language.patterns["wait-minutes" if minutes > 1 else "wait-soon"]
        words = number_words.cardinal(minutes, language.language)
        yield Prompt(language.language, wait_prompt(minutes), pattern.format(minutes=words))


def _of_menu(menu: Menu, language: Texts) -> Iterator[Prompt]:
    patterns, tongue = language.patterns, language.language
    yield Prompt(tongue, OPERATOR, patterns["operator"].format(key=language.spoken(menu.operator_key)))
    if menu.repeat_key:
        yield Prompt(tongue, REPEAT, patterns["repeat"].format(key=language.spoken(menu.repeat_key)))
    for asked in menu.languages:
        if asked.language == tongue:
            yield Prompt(tongue, language_prompt(asked), patterns["language"].format(key=language.spoken(asked.key)))
    for item in (item for level in menu.levels() for item in level.items):
        yield Prompt(tongue, item.prompt, _offered(item, language))
        if isinstance(item, Information):
            yield Prompt(tongue, item.message, dict(item.texts).get(tongue, ""), LONGEST_INFORMATION)


def _offered(item: Item, language: Texts) -> str:
    name = item.spoken(language.language)
    return language.patterns["choice"].format(name=name, key=language.spoken(item.key)) if name else ""
