"""What is wrong with a menu: what keeps it from being used, keys that lead nowhere, words that are missing or long."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from ivr.menu.menu import Choice, Menu
from ivr.menu.source import menu_from
from ivr.prompts.build import unbuilt
from ivr.prompts.catalogue import level_pieces
from ivr.prompts.listing import ListedPrompt, Source, list_prompts
from siaga112.settings import ConfigurationError, Problem, Settings

LONGEST_LEVEL = 20.0
"""Seconds: whoever needs the last key has heard all the others."""

# How long the built voice takes at its fastest, measured over the texts of this package.
_SECONDS_A_TEXT = 0.5
_SECONDS_A_CHARACTER = 0.047


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: where it is, what is wrong, what would be right."""

    where: str
    problem: str
    mend: str


def faults(settings: Settings) -> tuple[Fault, ...]:
    """Everything that is amiss; of a menu that cannot be used at all, only why not."""
    try:
        menu = menu_from(settings)
    except ConfigurationError as error:
        return tuple(Fault(_place(problem), problem.wrong, problem.right) for problem in error.problems)
    old = unbuilt(settings)
    prompts = tuple(_as_built_next(prompt, old) for prompt in list_prompts(settings))
    return (*_menu_faults(menu, settings), *_prompt_faults(prompts), *_long_levels(menu, prompts))


def _as_built_next(prompt: ListedPrompt, old: Collection[str]) -> ListedPrompt:
    """A sound that was made from an earlier text is none: how long that took says nothing about this one."""
    was_built = prompt.source in {Source.BUILT, Source.PROVISIONAL}
    if was_built and f"{prompt.language}/{prompt.name}" in old:
        return replace(prompt, path=None, source=None, seconds=0.0)
    return prompt


def _place(problem: Problem) -> str:
    return ": ".join(filter(None, (problem.source, problem.key)))


def _menu_faults(menu: Menu, settings: Settings) -> Iterator[Fault]:
    for level in menu.levels() if settings.ivr.menu is not None else ():
        if not level.items:
            yield Fault(f"menus[{level.name}]", "is a dead end: it has no keys", "give it items, or remove it")
    for name in menu.unreached:
        yield Fault(f"menus[{name}]", "cannot be reached: no key leads to it", "lead a key to it, or remove it")
    offered = {item.category for level in menu.levels() for item in level.items if isinstance(item, Choice)}
    for category in settings.categories:
        missing = [language.value for language in settings.site.languages if language not in category.name]
        if category.code in offered and missing:
            names = ", ".join(f'{language} = "…"' for language in missing)
            yield Fault(f"categories[{category.code}].name", f"is not there in {', '.join(missing)}", f"add {names}")


def _prompt_faults(prompts: Iterable[ListedPrompt]) -> Iterator[Fault]:
    for prompt in prompts:
        where = f"{prompt.language}/{prompt.name}"
        if not prompt.text and prompt.source in (None, Source.OTHER_LANGUAGE):
            yield Fault(where, "has neither a text nor a recording", "write its text in the menu, or record it")
        elif _seconds(prompt) > prompt.longest:
            problem = f"takes {_seconds(prompt):.1f} s, and callers should listen for {prompt.longest:.0f} s at most"
            yield Fault(where, problem, "say it in fewer words")


def _long_levels(menu: Menu, prompts: Iterable[ListedPrompt]) -> Iterator[Fault]:
    seconds = {(prompt.language, prompt.name): _seconds(prompt) for prompt in prompts}
    for language in dict.fromkeys(language for language, _ in seconds):
        for level in menu.levels():
            whole = sum(seconds.get((language, name), 0.0) for name in level_pieces(menu, level))
            if whole > LONGEST_LEVEL:
                problem = f"takes {whole:.0f} s in {language}, and {LONGEST_LEVEL:.0f} s is the most"
                yield Fault(f"menus[{level.name}]", problem, "offer fewer keys, or say them in fewer words")


def _seconds(prompt: ListedPrompt) -> float:
    """As it was recorded or built, else as long as the built voice will take."""
    if prompt.path is not None and prompt.source is not Source.OTHER_LANGUAGE:
        return prompt.seconds
    return _SECONDS_A_TEXT + _SECONDS_A_CHARACTER * len(prompt.text) if prompt.text else 0.0
