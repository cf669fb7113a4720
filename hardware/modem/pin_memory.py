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
        return self._marks(sim).get(self._digest(sim))

    def remember(self, sim: str, mark: Mark) -> None:
        """Put the mark on the disk, to stay."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        marks = self._marks(sim) | {self._digest(sim): mark}
        target = self._file(sim)
        draft = target.with_suffix(".new")
        with draft.open("w", encoding="ascii") as out:
            os.fchmod(out.fileno(), 0o600)
            out.writelines(f"{one.value} {digest}\n" for digest, one in marks.items())
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
        _sync(self.directory)

    def forget(self, sim: str) -> None:
        """The SIM took it, so all its tries are there again."""
        self._file(sim).unlink(missing_ok=True)

    def _marks(self, sim: str) -> dict[str, Mark]:
        try:
            lines = self._file(sim).read_text("ascii").splitlines()
        except FileNotFoundError:
            return {}
        return {digest: Mark(mark) for mark, _, digest in (line.partition(" ") for line in lines)}

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
