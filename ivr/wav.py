"""WAV files as Asterisk's `format_wav` plays them: PCM, 16 bits, 8000 Hz, one channel.

It takes the header at its word: a file of 32 bits plays as silence with nothing but a line in its log.
"""

import wave
from pathlib import Path

from ivr.errors import UnplayableError
from ivr.line import Recording

SAMPLE_RATE = 8000
SAMPLE_BITS = 16


def recording(path: Path) -> Recording:
    """Read the header. Raises `UnplayableError` if Asterisk could not play the file."""
    try:
        with path.open("rb") as file, wave.open(file) as sound:
            found = (sound.getnchannels(), sound.getsampwidth() * 8, sound.getframerate())
            # A recorder that streams leaves the length open, as a huge one: no timer may be set by that.
            frames = min(sound.getnframes(), path.stat().st_size // 2)
    except (wave.Error, EOFError, OSError, RuntimeError) as error:
        raise UnplayableError(f"{path}: no WAV file that can be read ({error})") from error
    if found != (1, SAMPLE_BITS, SAMPLE_RATE):
        channels, bits, rate = found
        raise UnplayableError(
            f"{path}: {channels} channel(s), {bits} bits, {rate} Hz; Asterisk plays one channel of "
            f"{SAMPLE_BITS} bits at {SAMPLE_RATE} Hz: sox IN -r {SAMPLE_RATE} -b {SAMPLE_BITS} -c 1 OUT"
        )
    return Recording(path, frames / SAMPLE_RATE)
