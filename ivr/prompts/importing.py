"""Takes a recording in the place of a built prompt: converted, its level and length checked, as loud as the others.

It goes where the city's own recordings are, so that the next caller hears it and no build writes over it.
"""

import difflib
import math
import shutil
import wave
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.errors import BuildError, RecordingRefusedError, UnknownPromptError
from ivr.line import Recording
from ivr.prompts import speech, wav
from ivr.prompts.catalogue import Prompt, all_prompts
from ivr.prompts.loudness import Loudness, Refusal, judge, measure
from siaga112.settings import Settings

# A recording may be twice as long as its prompt should be: a voice of flesh and blood takes its time.
PATIENCE = 2.0
SHORTEST = 0.3
# Read at most so much of a file: whoever names a film gets an answer at once.
_MOST_READ = 180


def import_recording(settings: Settings, source: Path, name: str, language: str) -> Recording:
    """Take `source`, whatever sox reads, as the prompt `name` in `language`; what callers hear from now on.

    Raises `UnknownPromptError`, `RecordingRefusedError`, `BuildError` and `MissingToolError`; then nothing has changed.
    """
    prompt = find_prompt(settings, name, language)
    with TemporaryDirectory(prefix="siaga112-") as scratch:
        return adopt(settings, prepare(source, prompt, Path(scratch)), prompt)


def prepare(source: Path, prompt: Prompt, scratch: Path) -> Recording:
    """`source` as callers would hear it for `prompt`, in a file in the folder `scratch`.

    Raises `RecordingRefusedError`, `BuildError` and `MissingToolError`.
    """
    plain, finished = scratch / "plain.wav", scratch / "finished.wav"
    _read(source, plain)
    _check_level(source, plain)
    speech.finish(plain, finished)
    recording = wav.recording(finished)
    _check_length(source, recording.seconds, prompt)
    return recording


def adopt(settings: Settings, prepared: Recording, prompt: Prompt) -> Recording:
    """Have what was prepared heard for `prompt`, from the next caller on."""
    folder = settings.prompts_dir.absolute() / prompt.language
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{prompt.name}.wav"
    with TemporaryDirectory(prefix=".", dir=folder) as scratch:  # a caller never hears half a file
        draft = Path(scratch) / target.name
        shutil.copyfile(prepared.path, draft)
        draft.replace(target)
    return Recording(target, prepared.seconds)


def find_prompt(settings: Settings, name: str, language: str) -> Prompt:
    """The prompt of this name. Raises `UnknownPromptError`, which names the one that was probably meant."""
    prompts = {prompt.name: prompt for prompt in all_prompts(settings) if prompt.language == language}
    if name in prompts:
        return prompts[name]
    if not prompts:
        spoken = ", ".join(known.value for known in settings.site.languages)
        raise UnknownPromptError(f'no prompt is spoken in "{language}"; [site] languages has {spoken}')
    close = difflib.get_close_matches(name, prompts, n=1)
    meant = f'did you mean "{close[0]}"?' if close else "`siaga112 prompts list` names them all"
    raise UnknownPromptError(f'there is no prompt "{name}"; {meant}')


def _read(source: Path, plain: Path) -> None:
    try:
        speech.convert(source, plain, seconds=_MOST_READ)
    except BuildError as error:
        raise BuildError(f"{source.name}: {error}; WAV, FLAC and OGG can be read") from None


def _check_level(source: Path, plain: Path) -> None:
    loudness = _loudness(plain)
    refusal = judge(loudness)
    if refusal is Refusal.TOO_LOUD:
        problem = f"{loudness.clipped:.1%} of it is clipped; record it with less gain"
    elif refusal is Refusal.TOO_QUIET:
        level = "nothing" if math.isinf(loudness.peak) else f"{loudness.peak:.0f} dBFS at its loudest"
        problem = f"{level}, speech at {loudness.speech:.0f} dBFS; record it louder"
    else:
        return
    raise RecordingRefusedError(refusal, f"{source.name}: {refusal.replace('-', ' ')}: {problem}")


def _check_length(source: Path, seconds: float, prompt: Prompt) -> None:
    most = prompt.longest * PATIENCE
    if seconds > most:
        refusal, problem = Refusal.TOO_LONG, f"{seconds:.1f} s; {most:.0f} s is the most for {prompt.name}"
    elif seconds < SHORTEST:
        refusal, problem = Refusal.TOO_SHORT, f"{seconds:.1f} s without the silence around it"
    else:
        return
    raise RecordingRefusedError(refusal, f"{source.name}: {refusal.replace('-', ' ')}: {problem}")


def _loudness(path: Path) -> Loudness:
    with path.open("rb") as file, wave.open(file) as sound:
        rate = sound.getframerate()
        samples = array("h", sound.readframes(sound.getnframes()))
    return measure(samples, rate)
