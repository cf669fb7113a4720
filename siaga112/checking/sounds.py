"""What callers hear: every prompt in every language of the city."""

from collections.abc import Iterator
from pathlib import Path

from ivr import wav
from ivr.errors import UnplayableError
from ivr.prompt_list import list_prompts
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged


def prompts(where: Surroundings) -> Iterator[Verdict]:
    """Whether each can be played. Without any that were built `up` builds them."""
    if not where.telephony:
        return
    faults = _missing(where) if where.paths.prompts.is_dir() else []
    faults += _unplayable(where.settings.prompts_dir)
    yield from judged("prompts", faults)


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
