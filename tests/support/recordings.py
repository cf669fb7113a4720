"""Recordings as Asterisk leaves them, for tests."""

import struct
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from hardware.softphone import Call
from hardware.softphone.tone import has_tone
from tests.support.eventual import eventually

HEADER_BYTES = 44
TENTH_SAMPLES = 800


def say(speaker: Call, listener: Call, frequency_hz: int) -> None:
    """One speaks alone, until the other has heard it for half a second."""
    speaker.play_tone(frequency_hz)
    listener.wait_tone(frequency_hz)
    enough = listener.heard_seconds + 0.5
    eventually("half a second of it", lambda: listener.heard_seconds >= enough)
    speaker.silence()


def files(folder: Path) -> list[Path]:
    """All recordings below a folder."""
    return sorted(folder.rglob("*.wav"))


def is_complete(file: Path) -> bool:
    """Whether Asterisk has closed it: the length of the sound (bytes 40 to 43 of the header) is written last."""
    with file.open("rb") as sound:
        length = int.from_bytes(sound.read(HEADER_BYTES)[40:], "little")
    return length == file.stat().st_size - HEADER_BYTES


def samples(file: Path) -> list[int]:
    """The sound, 16 bits at 8 kHz; whatever the header says of its length, since that is written last."""
    data = file.read_bytes()[HEADER_BYTES:]
    whole = len(data) // 2 * 2
    return list(struct.unpack(f"<{whole // 2}h", data[:whole]))


def tones(file: Path, *frequencies_hz: int) -> list[int]:
    """Those of the tones that are heard alone, in the order in which each is heard first."""
    found: dict[int, None] = {}
    for tenth in _tenths(samples(file)):
        found.update(dict.fromkeys(hz for hz in frequencies_hz if has_tone(tenth, hz)))
    return list(found)


def fill_up(folder: Path, zone: ZoneInfo) -> None:
    """Have the disk be full for each call of the next minute: what is written at its place is refused (full(4))."""
    now = time.time()
    for day in (datetime.fromtimestamp(now, zone) + timedelta(days=days) for days in (0, 1)):
        place = folder / f"{day:%Y/%m/%d}"
        place.mkdir(parents=True)
        for second, channel in product(range(60), range(8)):
            (place / f"{int(now) + second}.{channel}.wav").symlink_to("/dev/full")


def _tenths(heard: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(heard) - TENTH_SAMPLES + 1, TENTH_SAMPLES):
        yield heard[start : start + TENTH_SAMPLES]
