"""Cuts speech into pieces that are short enough for the dialplan's dead-man timer, where it is quietest.

A file that is played cannot be ended early by whoever plays it, so what is long is played piece by piece, and the
timer, renewed before each, never has to be longer than one of them.
"""

from array import array
from collections.abc import Iterator

from ivr.prompts.wav import SAMPLE_RATE

LONGEST_PIECE = 3.0
"""Seconds. With the margin that a command gets, the dialplan goes on 4.5 s after the last sign of life."""

_FRAME = SAMPLE_RATE // 50  # 20 ms: shorter than any pause in speech
_MOST = round(LONGEST_PIECE * SAMPLE_RATE)
_LEAST = SAMPLE_RATE // 2
# Twice as loud as the quietest place is still a pause; the latest such place makes the fewest pieces.
_PAUSE = 2.0
_FLOOR = 100.0  # of 32768: what a quiet room has; below it all is silence


def cut(samples: "array[int]") -> list["array[int]"]:
    """The pieces of `samples`, in order and complete; one piece when it is short enough."""
    return [samples[start:end] for start, end in _borders(samples)]


def _borders(samples: "array[int]") -> Iterator[tuple[int, int]]:
    start = 0
    while len(samples) - start > _MOST:
        end = _quiet_place(samples, start + _LEAST, min(start + _MOST, len(samples) - _LEAST))
        yield start, end
        start = end
    yield start, len(samples)


def _quiet_place(samples: "array[int]", first: int, last: int) -> int:
    """The middle of the latest frame between `first` and `last` that is about as quiet as the quietest."""
    frames = range(first, last - _FRAME + 1, _FRAME)
    loudness = [sum(map(abs, samples[frame : frame + _FRAME])) / _FRAME for frame in frames]
    enough = max(min(loudness) * _PAUSE, _FLOOR)
    return max(frame for frame, loud in zip(frames, loudness, strict=True) if loud <= enough) + _FRAME // 2
