"""Every prompt by its name, and which of them a caller hears in what order.

A prompt is one piece of at most `LONGEST_PIECE` seconds, so that the dialplan's dead-man timer, renewed before each
piece, can be short. A key pressed during any piece counts at once.
"""

from dataclasses import dataclass

from ivr import texts
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

_PLAIN = (GREETING, SITE, NOTICE, OPERATOR, WAIT, BUSY, STAY)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One piece in one language: its name, which is the file's, and what is said."""

    language: str
    name: str
    text: str


def category_prompt(choice: Choice) -> str:
    """Name of the piece "Kebakaran, satu"."""
    return f"category-{choice.category}"


def language_prompt(choice: LanguageChoice) -> str:
    """Name of the piece "For English, press two", which exists in that language only."""
    return f"language-{choice.language}"


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
    """Every prompt that this city's callers can hear, in each of its languages that has texts."""
    menu = menu_from(settings)
    spoken = [texts.load(language) for language in _languages(settings)]
    return tuple(prompt for language in spoken for prompt in _in_language(settings, menu, language))


def _languages(settings: Settings) -> list[str]:
    wanted = [language.value for language in settings.site.languages]
    return [language for language in wanted if language in texts.available()]


def _in_language(settings: Settings, menu: Menu, language: Texts) -> list[Prompt]:
    plain = [Prompt(language.language, name, _fill(settings, language, name)) for name in _PLAIN]
    own = [choice for choice in menu.languages if choice.language == language.language]
    asked = [
        Prompt(language.language, language_prompt(choice), _fill(settings, language, "language", key=choice.key))
        for choice in own
    ]
    categories = [
        Prompt(
            language.language,
            category_prompt(choice),
            _fill(settings, language, "category", key=choice.key, name=choice.name(language.language)),
        )
        for choice in menu.choices
    ]
    return [*plain, *asked, *categories]


def _fill(settings: Settings, language: Texts, text: str, key: str = "", name: str = "") -> str:
    return language.prompts[text].format(
        number=language.spoken(settings.site.number),
        site=settings.site.name,
        zero=language.digits[0],
        digit=language.spoken(key),
        name=name,
    )
