"""Sound files for tests."""

import wave
from array import array
from pathlib import Path

from ivr.prompts.catalogue import all_prompts
from siaga112.settings import Settings


def write_wav(path: Path, seconds: float = 0.1, *, rate: int = 8000, width: int = 2, channels: int = 1) -> Path:
    """Silence, as Asterisk plays it unless said otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(bytes(round(seconds * rate) * width * channels))
    return path


def write_samples(path: Path, samples: "array[int]") -> Path:
    """These samples, 8 kHz and 16 bits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(samples.tobytes())
    return path


def write_prompts(settings: Settings, seconds: float = 0.1) -> None:
    """Every prompt of a city, where the built ones are."""
    for prompt in all_prompts(settings):
        write_wav(settings.site.state_dir / "prompts" / prompt.language / f"{prompt.name}.wav", seconds)
