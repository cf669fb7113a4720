"""Recordings made ready to be played: cut into short pieces, each in A-law and in µ-law.

Asterisk takes of a file the form that the caller's line speaks, so it converts nothing, and a piece is never longer
than the dialplan's dead-man timer allows, whatever a city records. Ready pieces are kept under the recording's path,
size and time: one that is replaced is made ready anew when it is next heard.
"""

import hashlib
import os
import shutil
from array import array
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.errors import UnplayableError
from ivr.line import Piece, Recording
from ivr.prompts import wav
from ivr.prompts.cutting import LONGEST_PIECE, cut
from ivr.prompts.wav import SAMPLE_RATE

# As Asterisk's format_pcm names them; one byte a sample.
_A_LAW, _MU_LAW = ".alaw", ".ulaw"


@dataclass(frozen=True, slots=True)
class PieceStore:
    """The folder of ready pieces."""

    folder: Path

    def ready(self, path: Path) -> Recording:
        """The recording at `path` with its pieces.

        Raises `UnplayableError` if it is none, or a long one and there is no room for its pieces.
        """
        kept = self.folder / _key(path)
        pieces = _pieces(kept)
        if not pieces:
            try:
                self._make(path, kept)
            except OSError as error:
                return _whole(path, error)
            pieces = _pieces(kept)
        return Recording(path, sum(piece.seconds for piece in pieces), pieces)

    def forget_all_but(self, paths: Iterable[Path]) -> None:
        """Remove what belongs to no recording any more."""
        current = {_key(path) for path in paths}
        with suppress(FileNotFoundError):
            for folder in self.folder.iterdir():
                if folder.name not in current:
                    shutil.rmtree(folder, ignore_errors=True)

    def _make(self, path: Path, kept: Path) -> None:
        cuttings = cut(wav.samples(path))
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=self.folder) as scratch:
            draft = Path(scratch) / "pieces"
            draft.mkdir()
            for number, samples in enumerate(cuttings, start=1):
                _write(draft / (path.stem if len(cuttings) == 1 else f"{path.stem}-{number}"), samples)
            with suppress(OSError):  # another process was faster: its pieces are the same
                draft.rename(kept)


def _key(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise UnplayableError(f"{path}: cannot be read ({error.strerror})") from error
    identity = f"{os.fsencode(path)!r} {status.st_size} {status.st_mtime_ns}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _pieces(folder: Path) -> tuple[Piece, ...]:
    try:
        files = sorted(folder.glob(f"*{_A_LAW}"), key=lambda file: (len(file.name), file.name))
        return tuple(Piece(file.with_suffix(""), file.stat().st_size / SAMPLE_RATE) for file in files)
    except OSError:
        return ()  # it is being removed


def _write(target: Path, samples: "array[int]") -> None:
    # Not for a script that finds its pieces ready: the package is a whole telephone.
    from hardware.softphone.g711 import Codec, encode  # noqa: PLC0415

    for suffix, codec in ((_A_LAW, Codec.PCMA), (_MU_LAW, Codec.PCMU)):
        target.with_name(target.name + suffix).write_bytes(encode(codec, samples))


def _whole(path: Path, error: OSError) -> Recording:
    """What is short can be played as it is."""
    found = wav.recording(path)
    if found.seconds > LONGEST_PIECE:
        raise UnplayableError(f"{path}: {found.seconds:.0f} s, and there is no room for its pieces ({error})")
    return found
