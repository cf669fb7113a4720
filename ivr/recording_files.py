"""The folder of recordings: `YYYY/MM/DD/<call id>.wav`, as the dialplan names them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts.wav import SAMPLE_BITS, SAMPLE_RATE

HEADER_BYTES = 44
BYTES_PER_SECOND = SAMPLE_RATE * SAMPLE_BITS // 8
DAY_PATTERN = "[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]"


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """A file as it lies there; `path` is below the folder of recordings."""

    call_id: str
    path: str
    bytes: int
    changed_at: float

    @property
    def seconds(self) -> float:
        """How long it sounds, by its size: the header of one whose Asterisk was killed says nothing of it."""
        return max(self.bytes - HEADER_BYTES, 0) / BYTES_PER_SECOND


class RecordingFiles:
    """What lies in the folder. Every method may raise OSError; a folder that is not there yet is an empty one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def days(self) -> list[str]:
        """The folders of the days, such as `2026/03/01`, oldest first."""
        return sorted(day.relative_to(self.folder).as_posix() for day in self.folder.glob(DAY_PATTERN))

    def of_day(self, day: str) -> Iterator[RecordingFile]:
        """The recordings of one day; what is a link to elsewhere is none."""
        for entry in os.scandir(self.folder / day):
            if entry.name.endswith(".wav") and entry.is_file(follow_symlinks=False):
                found = entry.stat(follow_symlinks=False)
                yield RecordingFile(entry.name[:-4], f"{day}/{entry.name}", found.st_size, found.st_mtime)

    def remove(self, path: str) -> None:
        """Delete a file, and its day when that is empty; one that is gone already is no error."""
        file = self.folder / path
        file.unlink(missing_ok=True)
        if not any(file.parent.iterdir()):
            file.parent.rmdir()

    def free_bytes(self) -> int:
        """Room on the disk for who is not root."""
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize
