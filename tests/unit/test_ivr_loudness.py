"""Levels of recordings."""

import math
from array import array

import pytest

from ivr.prompts.loudness import Loudness, Refusal, judge, measure

RATE = 8000


def tone(level: float, seconds: float = 1.0) -> "array[int]":
    """A sine of this amplitude, 1.0 being full scale; what is louder is clipped."""
    values = (level * 32767 * math.sin(2 * math.pi * 440 * at / RATE) for at in range(round(seconds * RATE)))
    return array("h", (round(max(-32768, min(32767, value))) for value in values))


@pytest.mark.parametrize(("level", "peak"), [(1.0, 0.0), (0.5, -6.0), (0.1, -20.0), (0.01, -40.0)])
def test_levels_are_below_full_scale(level: float, peak: float) -> None:
    """The peak as it is, a sine's RMS 3 dB beneath it."""
    found = measure(tone(level), RATE)

    assert (peak, peak - 3.0) == (round(found.peak), round(found.speech))


def test_pauses_do_not_make_speech_quiet() -> None:
    """Half of it may be silence."""
    pause = array("h", bytes(2 * RATE))

    assert round(measure(tone(0.5), RATE).speech) == round(measure(tone(0.5) + pause, RATE).speech)


@pytest.mark.parametrize("samples", [array("h"), array("h", bytes(1000))])
def test_nothing_has_no_level(samples: "array[int]") -> None:
    """No division by zero, no logarithm of it."""
    assert Loudness(-math.inf, -math.inf, 0.0) == measure(samples, RATE)


@pytest.mark.parametrize(
    ("level", "refusal"),
    [
        (0.02, Refusal.TOO_QUIET),
        (0.05, None),
        (0.3, None),
        (0.98, None),
        (1.5, Refusal.TOO_LOUD),
        (4.0, Refusal.TOO_LOUD),
    ],
)
def test_what_is_too_loud_or_too_quiet_is_refused(level: float, refusal: Refusal | None) -> None:
    """Clipped is not the same as loud, and quiet is not the same as silent."""
    assert judge(measure(tone(level), RATE)) is refusal


def test_one_loud_knock_does_not_make_a_whisper_loud() -> None:
    """A peak alone is no speech."""
    whisper = tone(0.002, 2.0)
    whisper[800:820] = array("h", [20000] * 20)

    assert judge(measure(whisper, RATE)) is Refusal.TOO_QUIET
