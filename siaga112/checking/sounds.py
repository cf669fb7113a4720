"""What callers hear: the menu, and every prompt in every language of the city."""

from collections.abc import Iterator
from pathlib import Path

from ivr.errors import UnplayableError
from ivr.menu.check import faults
from ivr.menu.source import menu_from
from ivr.prompts import wav
from ivr.prompts.listing import list_prompts
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged
from siaga112.settings import ConfigurationError


def menu(where: Surroundings) -> Iterator[Verdict]:
    """Whether callers can use it, and whether everything that it says has its words."""
    if where.telephony:
        found = faults(where.settings)
        yield from judged("menu", [fault("menu", f"{one.where}: {one.problem}", one.mend) for one in found])


def prompts(where: Surroundings) -> Iterator[Verdict]:
    """Whether each can be played. Without any that were built `up` builds them."""
    if not where.telephony or not _has_menu(where):
        return
    faults = _missing(where) if where.paths.prompts.is_dir() else []
    faults += _unplayable(where.settings.prompts_dir)
    yield from judged("prompts", faults)


def _has_menu(where: Surroundings) -> bool:
    try:
        menu_from(where.settings)
    except ConfigurationError:
        return False  # which has been said; nobody knows what such a menu would say
    return True


def _missing(where: Surroundings) -> list[Verdict]:
    return [
        fault("prompts", f"{prompt.language}/{prompt.name} has no sound", "siaga112 prompts build")
        for prompt in list_prompts(where.settings)
        if prompt.path is None or prompt.path.parent.name != prompt.language
    ]


def _unplayable(folder: Path) -> list[Verdict]:
    """Recordings that lie there and cannot be played: another sound is heard in their place."""
    found = []
    for path in sorted(folder.glob("*/*.wav")):
        try:
            wav.recording(path)
        except UnplayableError as error:
            problem, _, mend = str(error).partition(": sox ")
            found.append(fault("prompts", problem, f"sox {mend}" if mend else "record it anew, or remove it"))
    return found
