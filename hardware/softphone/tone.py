"""Making tones and recognising them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hardware.softphone.g711 import SAMPLE_RATE

# 50 ms: tones 40 Hz apart are told apart, and a lost packet spoils one block instead of the whole.
_BLOCK = SAMPLE_RATE // 20
_AUDIBLE = 100.0  # linear rms of a 16-bit signal, some -50 dBFS: line noise stays below
_SHARE = 0.5  # of the signal's energy: G.711's own noise takes 0.0002 of it, speech spreads over many tones


def sine(frequency_hz: int, amplitude: int) -> list[int]:
    """One second of a tone; a whole number of hertz joins on without a click when repeated."""
    step = 2 * math.pi * frequency_hz / SAMPLE_RATE
    return [round(amplitude * math.sin(step * index)) for index in range(SAMPLE_RATE)]


def rms(samples: Sequence[int]) -> float:
    """The root mean square; 0.0 of nothing."""
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) if samples else 0.0


def has_tone(samples: Sequence[int], frequency_hz: float) -> bool:
    """Whether this one tone carries most of what is audible (Goertzel's algorithm, block by block)."""
    whole = len(samples) - len(samples) % _BLOCK
    heard = samples[:whole]
    if rms(heard) < _AUDIBLE:
        return False
    tone = sum(_goertzel(heard[start : start + _BLOCK], frequency_hz) for start in range(0, whole, _BLOCK))
    return tone >= _SHARE * sum(sample * sample for sample in heard)


def _goertzel(block: Sequence[int], frequency_hz: float) -> float:
    """The energy of one frequency in a block, in the unit of the sum of squares."""
    coefficient = 2 * math.cos(2 * math.pi * frequency_hz / SAMPLE_RATE)
    before, last = 0.0, 0.0
    for sample in block:
        before, last = last, sample + coefficient * last - before
    power = before * before + last * last - coefficient * before * last
    return 2 * power / len(block)
