"""Builds what callers hear into `state_dir/prompts/built`: each prompt in each language, and music on hold.

Building again makes only what changed: a manifest keeps, for each file, the hash of all that went into it. Whatever is
heard, the city's own recordings too, is made ready to be played, so that no caller waits for that.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.errors import UnplayableError
from ivr.prompts import speech, texts, wav
from ivr.prompts.catalogue import Prompt, all_prompts
from ivr.prompts.files import prompt_files
from siaga112.paths import StatePaths
from siaga112.settings import Settings

MUSIC_FOLDER = "moh"
MUSIC_NAME = "siaga112"
MANIFEST = "manifest.json"

# Part of every hash: a change of how sound is made is a change of each file.
_RECIPE = "2"


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. Files are named `language/prompt`."""

    built: tuple[str, ...]
    kept: tuple[str, ...]
    too_long: tuple[str, ...]  # longer than callers should have to listen, even at the fastest speed


@dataclass(frozen=True, slots=True)
class _Work:
    name: str
    digest: str
    prompt: Prompt | None  # None: the music


def build(settings: Settings, *, workers: int = 2) -> Report:
    """Build what is missing or has changed. Raises `MissingToolError`, `BuildError`; what was finished stays."""
    folder = StatePaths(settings.site.state_dir).prompts.absolute()
    work = [_spoken(prompt) for prompt in all_prompts(settings) if prompt.text]
    work.append(_Work(f"{MUSIC_FOLDER}/{MUSIC_NAME}", _digest("music"), None))
    manifest = _read_manifest(folder)
    todo = [item for item in work if not _is_current(folder, manifest, item)]
    if todo:
        speech.require_tools()
        _write_manifest(folder, (item for item in work if item not in todo))  # what fails below is no longer current
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda item: _make(folder, item), todo))
        _write_manifest(folder, work)
    _make_ready(settings)
    _remove_others(folder, {item.name for item in work})
    names = {item.name for item in todo}
    return Report(
        built=tuple(item.name for item in todo),
        kept=tuple(item.name for item in work if item.name not in names),
        too_long=tuple(item.name for item in work if item.prompt and _seconds(folder, item) > item.prompt.longest),
    )


def unbuilt(settings: Settings) -> frozenset[str]:
    """The files whose text has no sound, or has changed since its sound was made: `language/prompt`."""
    folder = StatePaths(settings.site.state_dir).prompts.absolute()
    manifest = _read_manifest(folder)
    spoken = [_spoken(prompt) for prompt in all_prompts(settings) if prompt.text]
    return frozenset(
        item.name for item in spoken if manifest.get(item.name) != item.digest or not _target(folder, item).exists()
    )


def _make_ready(settings: Settings) -> None:
    files = prompt_files(settings)
    heard = [files.look(prompt.name, prompt.language) for prompt in all_prompts(settings)]
    files.store.forget_all_but({sound.path for sound in heard if sound is not None})


def _remove_others(folder: Path, names: set[str]) -> None:
    """What no text says any more, as after a change of the menu."""
    for path in folder.glob("*/*.wav"):
        if f"{path.parent.name}/{path.stem}" not in names:
            path.unlink(missing_ok=True)


def _spoken(prompt: Prompt) -> _Work:
    voice = texts.load(prompt.language).voice
    return _Work(f"{prompt.language}/{prompt.name}", _digest(voice, prompt.text), prompt)


def _digest(*ingredients: str) -> str:
    return hashlib.sha256("\0".join((_RECIPE, *ingredients)).encode()).hexdigest()


def _is_current(folder: Path, manifest: dict[str, str], item: _Work) -> bool:
    if manifest.get(item.name) != item.digest:
        return False
    try:
        wav.recording(_target(folder, item))
    except UnplayableError:
        return False
    return True


def _target(folder: Path, item: _Work) -> Path:
    return folder / f"{item.name}.wav"


def _seconds(folder: Path, item: _Work) -> float:
    return wav.recording(_target(folder, item)).seconds


def _make(folder: Path, item: _Work) -> None:
    target = _target(folder, item)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Elsewhere first: a caller may be hearing the old file, and a build may be ended half-way.
    with TemporaryDirectory(prefix=".", dir=target.parent) as scratch:
        draft = Path(scratch) / target.name
        if item.prompt is None:
            speech.music(draft)
        else:
            _speak_in_one_piece(item.prompt, draft)
        draft.replace(target)


def _speak_in_one_piece(prompt: Prompt, target: Path) -> None:
    voice = texts.load(prompt.language).voice
    for speed in speech.SPEEDS:
        speech.speak(prompt.text, voice, speed, target)
        if wav.recording(target).seconds <= prompt.longest:
            return


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}  # built anew
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(folder: Path, items: Iterable[_Work]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps({item.name: item.digest for item in items}, indent=1), encoding="utf-8")
    draft.replace(folder / MANIFEST)
