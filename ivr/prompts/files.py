"""Where a prompt's sound is: the city's own recording, else the built one, else another language's, else nowhere."""

from dataclasses import dataclass
from pathlib import Path

from ivr.errors import UnplayableError
from ivr.line import Recording
from ivr.prompts.pieces import PieceStore
from siaga112 import log
from siaga112.paths import StatePaths
from siaga112.settings import Settings

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class PromptFiles:
    """Looks on the disk each time: a recording that is replaced is heard by the next caller."""

    folders: tuple[Path, ...]  # best first
    languages: tuple[str, ...]  # the site's, the default first
    store: PieceStore

    def find(self, name: str, language: str) -> Recording | None:
        """The sound of a prompt. None, said in the log, when there is none: the caller is not kept for it."""
        found = self.look(name, language)
        if found is None:
            _log.error("prompt.missing", prompt=name, language=language)
        return found

    def look(self, name: str, language: str) -> Recording | None:
        """The same for who only wants to know."""
        for tongue in (language, *(other for other in self.languages if other != language)):
            for folder in self.folders:
                found = self._usable(folder / tongue / f"{name}.wav")
                if found is not None:
                    return found
        return None

    def _usable(self, path: Path) -> Recording | None:
        if not path.is_file():
            return None
        try:
            return self.store.ready(path)
        except UnplayableError as error:
            _log.error("prompt.unplayable", problem=str(error))
            return None


def prompt_files(settings: Settings) -> PromptFiles:
    """The places that a configuration names."""
    paths = StatePaths(settings.site.state_dir)
    return PromptFiles(
        (settings.prompts_dir.absolute(), paths.prompts.absolute()),
        tuple(language.value for language in settings.site.languages),
        PieceStore(paths.prompt_pieces.absolute()),
    )
