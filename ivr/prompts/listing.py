"""Every prompt with the sound that is heard for it now, and where that comes from."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ivr.line import Recording
from ivr.prompts import texts
from ivr.prompts.catalogue import Prompt, all_prompts
from ivr.prompts.files import PromptFiles, prompt_files
from siaga112.paths import StatePaths
from siaga112.settings import Settings


class Source(StrEnum):
    """Where a prompt's sound comes from."""

    OWN = "own"
    """The city's own recording."""
    BUILT = "built"
    """Read aloud from its text."""
    PROVISIONAL = "provisional"
    """Read aloud by the voice of another language."""
    OTHER_LANGUAGE = "other-language"
    """Not there in this language: what is heard is in another."""


@dataclass(frozen=True, slots=True)
class ListedPrompt:
    """A prompt and what a caller hears for it."""

    number: int
    """What is dialled to record it by telephone."""
    language: str
    name: str
    text: str
    path: Path | None  # None: nothing to play yet
    seconds: float
    source: Source | None
    longest: float
    """Seconds that callers should have to listen at most."""


def list_prompts(settings: Settings) -> tuple[ListedPrompt, ...]:
    """Every prompt with the file that is played for it now."""
    files = prompt_files(settings)
    built = StatePaths(settings.site.state_dir).prompts.absolute()
    return tuple(_listed(number, prompt, files, built) for number, prompt in enumerate(all_prompts(settings), start=1))


def _listed(number: int, prompt: Prompt, files: PromptFiles, built: Path) -> ListedPrompt:
    sound = files.look(prompt.name, prompt.language)
    return ListedPrompt(
        number,
        prompt.language,
        prompt.name,
        prompt.text,
        sound.path if sound else None,
        round(sound.seconds, 2) if sound else 0.0,
        _source(sound, prompt, built) if sound else None,
        prompt.longest,
    )


def _source(sound: Recording, prompt: Prompt, built: Path) -> Source:
    if sound.path.parent.name != prompt.language:
        return Source.OTHER_LANGUAGE
    if not sound.path.is_relative_to(built):
        return Source.OWN
    return Source.PROVISIONAL if texts.load(prompt.language).provisional else Source.BUILT
