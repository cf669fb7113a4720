"""What a phone plays: linear samples at 8 kHz."""

from __future__ import annotations

import array
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

from hardware.softphone.errors import SoundError
from hardware.softphone.g711 import SAMPLE_RATE
from hardware.softphone.tone import sine

_LEVEL = 8000  # linear amplitude of a played tone, some -12 dBFS: loud, and far from clipping


@dataclass(frozen=True)
class Sound:
    """Samples to play, once or for ever."""

    samples: tuple[int, ...]
    repeats: bool = False

    @classmethod
    def tone(cls, frequency_hz: int) -> Sound:
        """A tone that does not end."""
        if not 0 < frequency_hz < SAMPLE_RATE // 2:
            raise SoundError(f"a telephone line cannot carry a tone of {frequency_hz} Hz: 1 to 3999 can be played")
        return cls(tuple(sine(frequency_hz, _LEVEL)), repeats=True)

    @classmethod
    def wav(cls, path: Path) -> Sound:
        """A file of 16-bit mono PCM at 8 kHz; SoundError for any other."""
        try:
            with wave.open(str(path), "rb") as file:
                shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
                frames = file.readframes(file.getnframes())
        except (OSError, EOFError, wave.Error) as broken:
            raise SoundError(f"cannot play {path}: {broken}") from broken
        if shape != (1, 2, SAMPLE_RATE):
            found = f"{shape[0]} channel(s) of {8 * shape[1]} bits at {shape[2]} Hz"
            raise SoundError(
                f"cannot play {path}: it has {found}; one channel of 16 bits at {SAMPLE_RATE} Hz is needed"
            )
        samples = array.array("h", frames)
        if sys.byteorder == "big":
            samples.byteswap()
        return cls(tuple(samples))


SILENCE = Sound(())
