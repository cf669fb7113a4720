"""WAV files as Asterisk's `format_wav` plays them: PCM, 16 bits, 8000 Hz, one channel.

It takes the header at its word: a file of 32 bits plays as silence with nothing but a line in its log.
"""

import sys
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import UnplayableError
from ivr.line import Recording

SAMPLE_RATE = 8000
SAMPLE_BITS = 16


def recording(path: Path) -> Recording:
    """Read the header. Raises `UnplayableError` if Asterisk could not play the file."""
    with _opened(path) as sound:
        return Recording(path, _frames(path, sound) / SAMPLE_RATE)


def samples(path: Path) -> "array[int]":
    """The sound itself. Raises `UnplayableError` if Asterisk could not play the file."""
    with _opened(path) as sound:
        data = sound.readframes(_frames(path, sound))
    found = array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        found.byteswap()
    return found


@contextmanager
def _opened(path: Path) -> Iterator[wave.Wave_read]:
    try:
        with path.open("rb") as file, wave.open(file) as sound:
            _refuse_other_forms(path, sound)
            yield sound
    except (wave.Error, EOFError, OSError, RuntimeError) as error:
        raise UnplayableError(f"{path}: no WAV file that can be read ({error})") from error


def _frames(path: Path, sound: wave.Wave_read) -> int:
    # A recorder that streams leaves the length open, as a huge one: no timer may be set by that.
    return min(sound.getnframes(), path.stat().st_size // 2)


def _refuse_other_forms(path: Path, sound: wave.Wave_read) -> None:
    channels, bits, rate = sound.getnchannels(), sound.getsampwidth() * 8, sound.getframerate()
    if (channels, bits, rate) != (1, SAMPLE_BITS, SAMPLE_RATE):
        raise UnplayableError(
            f"{path}: {channels} channel(s), {bits} bits, {rate} Hz; Asterisk plays one channel of "
            f"{SAMPLE_BITS} bits at {SAMPLE_RATE} Hz: sox IN -r {SAMPLE_RATE} -b {SAMPLE_BITS} -c 1 OUT"
        )
