"""How loud a recording is, and whether it can be used. Levels are in dB below full scale (dBFS)."""

import math
from array import array
from dataclasses import dataclass
from enum import StrEnum

FULL_SCALE = 32767
_FRAMES_A_SECOND = 50

QUIETEST_PEAK = -30.0
QUIETEST_SPEECH = -45.0
# A clipped recording stays at full scale for samples on end; one of a loud voice touches it.
_CLIPPED_FROM = round(FULL_SCALE * 0.99)
MOST_CLIPPED = 0.002


class Refusal(StrEnum):
    """Why a recording cannot be used."""

    TOO_LOUD = "too-loud"
    TOO_QUIET = "too-quiet"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured: the loudest sample, the speech itself (RMS), the share of samples that are clipped."""

    peak: float
    speech: float
    clipped: float


def measure(samples: "array[int]", rate: int) -> Loudness:
    """The loudness of 16-bit samples; of nothing at all it is minus infinity."""
    if not samples:
        return Loudness(-math.inf, -math.inf, 0.0)
    clipped = sum(abs(sample) >= _CLIPPED_FROM for sample in samples) / len(samples)
    return Loudness(_decibels(max(map(abs, samples))), _decibels(_speech(samples, rate)), clipped)


def judge(loudness: Loudness) -> Refusal | None:
    """Whether it is too loud or too quiet; what is quieter than that would become noise when it is raised."""
    if loudness.clipped > MOST_CLIPPED:
        return Refusal.TOO_LOUD
    if loudness.peak < QUIETEST_PEAK or loudness.speech < QUIETEST_SPEECH:
        return Refusal.TOO_QUIET
    return None


def _speech(samples: "array[int]", rate: int) -> float:
    size = max(1, rate // _FRAMES_A_SECOND)
    frames = (samples[start : start + size] for start in range(0, len(samples), size))
    powers = sorted((sum(sample * sample for sample in frame) / len(frame) for frame in frames), reverse=True)
    # Louder than three quarters of it: neither the pauses nor one knock on the table decide.
    return math.sqrt(powers[len(powers) // 4])


def _decibels(level: float) -> float:
    return 20 * math.log10(level / FULL_SCALE) if level else -math.inf
