"""Which PIN was sent to which SIM, kept across restarts: three wrong ones lock a SIM, and a daemon restarts often.

The mark is on the disk before the PIN is on the line. A process that dies in between leaves "sent", which counts as
refused as long as the SIM still asks for its PIN.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Mark(Enum):
    """What became of a PIN."""

    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SimPin:
    """The configured PIN and the directory that remembers its refusals."""

    value: str = field(repr=False)
    directory: Path

    def mark_of(self, sim: str) -> Mark | None:
        """Give what became of this PIN at this SIM; None when it was never sent there."""
        try:
            mark, _, digest = self._file(sim).read_text("ascii").partition(" ")
        except FileNotFoundError:
            return None
        return Mark(mark) if digest == self._digest(sim) else None

    def remember(self, sim: str, mark: Mark) -> None:
        """Put the mark on the disk, to stay."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._file(sim)
        draft = target.with_suffix(".new")
        with draft.open("w", encoding="ascii") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(f"{mark.value} {self._digest(sim)}")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
        _sync(self.directory)

    def forget(self, sim: str) -> None:
        """The SIM took it."""
        self._file(sim).unlink(missing_ok=True)

    def _file(self, sim: str) -> Path:
        return self.directory / f"{hashlib.sha256(sim.encode()).hexdigest()[:24]}.pin"

    def _digest(self, sim: str) -> str:
        """Enough to see that the configured PIN is another one now, without writing any PIN down."""
        return hashlib.scrypt(self.value.encode(), salt=sim.encode(), n=1024, r=8, p=1, dklen=16).hex()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
