"""Sound from programs: speech by espeak-ng, everything else by sox. Each makes one WAV file that Asterisk can play."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ivr.errors import BuildError, MissingToolError
from ivr.prompts.wav import SAMPLE_BITS, SAMPLE_RATE

ESPEAK = "espeak-ng"
SOX = "sox"

# Words a minute: clear on a telephone, then faster for a text that would be too long for one piece.
SPEEDS = (185, 200, 215)

_SECONDS = 60
_FORMAT = ("-r", str(SAMPLE_RATE), "-b", str(SAMPLE_BITS), "-c", "1", "-e", "signed-integer")
# The synthesiser leaves up to 0.4 s of silence on both ends; a caller in need hears one piece after another.
_TRIM = ("silence", "1", "0.02", "0.5%", "reverse", "silence", "1", "0.02", "0.5%", "reverse", "pad", "0.05", "0.15")
# 3 dB below full scale: G.711 clips what is louder after resampling.
_LEVEL = ("gain", "-n", "-3")
# C, A minor, F, G: four plucked chords, a bar each.
_CHORDS = (("C3", "G3", "E4", "C5"), ("A2", "E3", "C4", "A4"), ("F2", "C3", "A3", "F4"), ("G2", "D3", "B3", "G4"))


def convert(source: Path, target: Path, *, seconds: int) -> None:
    """Write the first `seconds` of any sound that sox reads as 16-bit PCM of one channel, at its own rate.

    Raises `BuildError`, `MissingToolError`.
    """
    # An absolute path: sox takes names that begin with a bar for commands, and with a dash for options.
    plain = ("-b", str(SAMPLE_BITS), "-c", "1", "-e", "signed-integer")
    _run((SOX, str(source.absolute()), *plain, str(target), "trim", "0", str(seconds)))


def finish(source: Path, target: Path) -> None:
    """Write `source` as Asterisk plays it, without silence around it, as loud as what is built."""
    _run((SOX, str(source), *_FORMAT, str(target), *_TRIM, *_LEVEL))


def require_tools() -> None:
    """Raises `MissingToolError` if a program is not installed."""
    for tool, package in ((ESPEAK, "espeak-ng"), (SOX, "sox")):
        if shutil.which(tool) is None:
            raise MissingToolError(tool, package)


def speak(text: str, voice: str, speed: int, target: Path) -> None:
    """Write `text`, read by an espeak-ng voice at `speed` words a minute; leaves scratch files beside it.

    Raises `BuildError`, `MissingToolError`.
    """
    raw = target.with_name("raw.wav")
    # By standard input: a text that begins with a dash would be an option.
    _run((ESPEAK, "-v", voice, "-s", str(speed), "-w", str(raw), "--stdin"), text)
    finish(raw, target)


def music(target: Path) -> None:
    """Write soft music on hold, 16 s; leaves scratch files beside it. Raises `BuildError`, `MissingToolError`."""
    bars = [target.with_name(f"bar-{number}.wav") for number in range(len(_CHORDS))]
    for bar, notes in zip(bars, _CHORDS, strict=True):
        _run((SOX, "-n", *_FORMAT, str(bar), *_pluck(notes)))
    _run((SOX, *map(str, bars), *_FORMAT, str(target), "gain", "-n", "-12"))


def _pluck(notes: Sequence[str]) -> list[str]:
    voices = [word for note in notes for word in ("pluck", note)]
    delays = [str(number * 0.5) for number in range(len(notes))]
    return ["synth", "4", *voices, "delay", *delays, "remix", "-", "fade", "0.02", "4", "0.5", "lowpass", "1800"]


def _run(command: Sequence[str], text: str = "") -> None:
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        raise MissingToolError(command[0], command[0]) from None
    except subprocess.TimeoutExpired:
        raise BuildError(f"{command[0]} did not end within {_SECONDS} s") from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        raise BuildError(f"{command[0]} failed: {words[-1]}")
