"""One port of a simulated modem: its pseudo-terminal, what waits to be said on it, and who answers behind it."""

from __future__ import annotations

import heapq
from itertools import count
from pathlib import Path

from hardware.modem.simulator.core import ModemCore, Output
from hardware.modem.simulator.pty_line import PtyLine

# What nobody reads is dropped beyond this, as a modem's own buffer would; no answer is so long.
UNREAD_LIMIT = 1 << 20


class Channel:
    """A port at `link`. Without a core it is one for diagnostics, which takes everything and says nothing."""

    def __init__(self, link: Path, core: ModemCore | None) -> None:
        self.core = core
        self._line = PtyLine(link)
        self._due: list[tuple[float, int, bytes]] = []
        self._order = count()
        self._busy_until = 0.0
        self._unread = bytearray()

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._line.fileno()

    @property
    def has_unread(self) -> bool:
        """Whether the host has still to take what was said."""
        return bool(self._unread)

    def read(self) -> bytes:
        """Give what the host sent."""
        return self._line.read()

    def schedule(self, output: Output, now: float, delay_s: float) -> None:
        """Have it said when it is due; carried-out commands take `delay_s` each, one after the other."""
        at = now + output.after_s
        if output.worked:
            at = self._busy_until = max(now, self._busy_until) + output.worked * delay_s
        heapq.heappush(self._due, (at, next(self._order), output.data))

    def forget(self) -> None:
        """Say nothing of what was due."""
        self._due.clear()
        self._busy_until = 0.0

    def patience(self, now: float, most: float) -> float:
        """How long nothing is due, `most` at most."""
        return min(most, max(0.0, self._due[0][0] - now)) if self._due else most

    def hand_over(self, now: float) -> None:
        """Say what is due, as far as the host takes it."""
        while self._due and self._due[0][0] <= now:
            data = heapq.heappop(self._due)[2]
            if len(self._unread) + len(data) <= UNREAD_LIMIT:
                self._unread += data
        if self._unread:
            del self._unread[: self._line.write(bytes(self._unread))]
        self._line.admit_next()

    def close(self) -> None:
        """Take the port away."""
        self._line.close()
