"""What waiting callers are told, as classes of music on hold.

A file that is played holds the script until its end, and with it the operator who is free meanwhile. Music on hold does
not: it is started, and stopped the moment that an operator is there. So each announcement is a class with one file.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

POSITIONS = range(1, 21)
"""Places in line that are told; who stands further back is not told how far."""

WAIT_MINUTES = (1, 2, 3, 5, 10, 15)
"""Expected waits that are told."""

ANNOUNCED = (
    "busy",
    "stay",
    "challenge",
    *(f"position-{position}" for position in POSITIONS),
    *(f"wait-minutes-{minutes}" for minutes in WAIT_MINUTES),
)
"""Names of the prompts."""


@dataclass(frozen=True, slots=True)
class AnnouncementClass:
    """A class of music on hold: its name, and its file without suffix, as Asterisk wants it."""

    name: str
    file: Path


def music_class(file: Path) -> str:
    """Name of the class that plays `FOLDER/LANGUAGE/NAME.wav`; the folder goes by a number, a class name is short."""
    return f"siaga112-{zlib.crc32(str(file.parent.parent).encode()):08x}-{file.parent.name}-{file.stem}"


def announcement_classes(folders: Sequence[Path], languages: Sequence[str]) -> Iterator[AnnouncementClass]:
    """A class for each announcement in each folder of prompts, the file being there yet or not."""
    for folder in folders:
        for language in languages:
            for name in ANNOUNCED:
                file = folder / language / f"{name}.wav"
                yield AnnouncementClass(music_class(file), file.with_suffix(""))
