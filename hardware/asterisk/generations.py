"""The history of an Asterisk's configuration: what it ran with, since when, and what was taken back."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from hardware.asterisk.atomic import write_private

KEPT = 20
"""Generations; the oldest go."""

_ABOUT = "about.json"


class Outcome(StrEnum):
    """What became of a generation."""

    IN_FORCE = "in_force"
    FOLLOWED = "followed"  # by a later one
    REFUSED = "refused"  # Asterisk did not take it, and has the one before
    UNDONE = "undone"  # by a person


@dataclass(frozen=True, slots=True)
class Generation:
    """One configuration.

    Attributes:
        changed: files that differ from the generation before.
        digest: what it has in common with an equal configuration (`digest`).
        reason: why it was refused; else empty.
    """

    id: int
    at: datetime
    outcome: Outcome
    changed: tuple[str, ...]
    digest: str
    reason: str = ""


class Generations:
    """The generations in a folder. The files hold passwords: the folder is ours alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Generation]:
        """Newest first."""
        found = (self._read(path) for path in self._folder.glob(f"*/{_ABOUT}"))
        return sorted(found, key=lambda generation: generation.id, reverse=True)

    def current(self) -> Generation | None:
        """The one in force."""
        return next((one for one in self.all() if one.outcome is Outcome.IN_FORCE), None)

    def before_current(self) -> Generation | None:
        """The one that an undo goes back to: the newest that was in force and is another."""
        current = self.current()
        known = current.digest if current else ""
        followed = (one for one in self.all() if one.outcome is Outcome.FOLLOWED)
        return next((one for one in followed if one.digest != known), None)

    def files(self, generation: Generation) -> dict[str, str]:
        """Its files by their paths."""
        folder = self._folder / str(generation.id) / "files"
        return {
            str(path.relative_to(folder)): path.read_text("utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def is_undone(self, files: Mapping[str, str]) -> bool:
        """Whether a person has taken back just this configuration, and none like it came into force since."""
        wanted = digest(files)
        newest = next((one for one in self.all() if one.digest == wanted), None)
        return newest is not None and newest.outcome is Outcome.UNDONE

    def add(self, files: Mapping[str, str], outcome: Outcome, reason: str = "") -> Generation:
        """Keep one more; what was in force before is followed by it if it came into force."""
        newest = self.all()
        before = self.current()
        old = self.files(before) if before else {}
        changed = tuple(sorted(name for name in {*files, *old} if files.get(name) != old.get(name)))
        number = newest[0].id + 1 if newest else 1
        generation = Generation(number, datetime.now(UTC), outcome, changed, digest(files), reason)
        folder = self._folder / str(number)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in files.items():
            target = folder / "files" / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(target, text)
        if outcome is Outcome.IN_FORCE and before is not None:
            self.settle(before, Outcome.FOLLOWED)
        self._write(generation)
        self._forget_old()
        return generation

    def settle(self, generation: Generation, outcome: Outcome) -> None:
        """Change what became of one."""
        self._write(replace(generation, outcome=outcome))

    def _write(self, generation: Generation) -> None:
        about = {**asdict(generation), "at": generation.at.isoformat()}
        write_private(self._folder / str(generation.id) / _ABOUT, json.dumps(about, indent=1))

    def _read(self, path: Path) -> Generation:
        about = json.loads(path.read_text("utf-8"))
        return Generation(
            about["id"],
            datetime.fromisoformat(about["at"]),
            Outcome(about["outcome"]),
            tuple(about["changed"]),
            about["digest"],
            about["reason"],
        )

    def _forget_old(self) -> None:
        for generation in self.all()[KEPT:]:
            if generation.outcome is not Outcome.IN_FORCE:
                shutil.rmtree(self._folder / str(generation.id))


def digest(files: Mapping[str, str]) -> str:
    """What two equal configurations have in common."""
    told = json.dumps(sorted(files.items())).encode()
    return hashlib.sha256(told).hexdigest()
