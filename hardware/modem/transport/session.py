"""The session: the one owner of a modem's line, for any number of threads.

Commands that belong together (CPMS, CMGL, CMGD; CMGS and its body) run in one `transaction`, and nothing comes between
them. At the start of a transaction the session climbs a ladder as far as it must: nothing to do, bring the line back
into step, open the port again. Inside one it mends nothing: a transaction that was cut is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from hardware.modem.at.engine import ESC
from hardware.modem.at.events import Answer, Urc
from hardware.modem.at.urc import tells_reboot
from hardware.modem.errors import ModemSilentError, PortLostError
from hardware.modem.port import Port
from hardware.modem.transport.link import Link
from hardware.modem.transport.resync import resync
from siaga112.log import get

log = get(__name__)


class Session:
    """Owns the port at `url`. `on_urc` is called in the reader thread: it sets an event, and returns."""

    def __init__(self, url: str, baudrate: int, on_urc: Callable[[Urc], None]) -> None:
        self.url = url
        self.baudrate = baudrate
        self._on_urc = on_urc
        self._lock = threading.RLock()
        self._depth = 0
        self._link: Link | None = None
        self._wanted = False
        self._openings = 0
        self._reboots = 0

    @property
    def generation(self) -> tuple[int, int]:
        """Changes when the port was opened again or the modem told that it started: settings and indexes are void."""
        return self._openings, self._reboots

    def open(self) -> None:
        """Open the port and see that the modem answers. Raises PortLostError, ModemSilentError."""
        with self._lock:
            self._wanted = True
            self.make_ready()

    def close(self) -> None:
        """Let the port go; waits for a running transaction."""
        with self._lock:
            self._wanted = False
            self._drop()

    def drop(self) -> None:
        """Let the port go; the next transaction opens it again."""
        with self._lock:
            self._drop()

    def shout(self, commands: Iterable[str]) -> None:
        """Send these to a modem that does not answer, and let the port go. Raises PortLostError."""
        with self._lock:
            self._drop()
            port = Port(self.url, self.baudrate)
            try:
                port.write(ESC + b"\r")
                for command in commands:
                    port.write(command.encode() + b"\r")
            finally:
                port.close()

    @contextmanager
    def transaction(self) -> Iterator[Link]:
        """Hold the line for commands that belong together. Raises PortLostError, ModemSilentError."""
        with self._lock:
            if self._depth == 0:
                self.make_ready()
            self._depth += 1
            try:
                yield self._present()
            finally:
                self._depth -= 1

    def ask(self, command: str) -> Answer:
        """Run one command as a transaction of its own."""
        with self.transaction() as link:
            return link.ask(command)

    def _present(self) -> Link:
        if self._link is None:
            raise PortLostError(self.url, "closed")
        return self._link

    def make_ready(self) -> None:
        """Climb the ladder as far as needed. Raises PortLostError, ModemSilentError."""
        with self._lock:
            if not self._wanted:
                raise PortLostError(self.url, "closed")
            if self._link is None or self._link.lost:
                self._reopen()
            elif self._link.dirty:
                self._recover(self._link)

    def _recover(self, link: Link) -> None:
        try:
            resync(link)
        except (ModemSilentError, PortLostError) as error:
            log.warning("modem.lost_step", port=self.url, reason=str(error))
            self._reopen()

    def _reopen(self) -> None:
        self._drop()
        link = Link(Port(self.url, self.baudrate), self._heard)
        try:
            resync(link)
        except BaseException:
            link.close()
            raise
        self._link = link
        self._openings += 1

    def _drop(self) -> None:
        if self._link:
            self._link.close()
            self._link = None

    def _heard(self, urc: Urc) -> None:
        if tells_reboot(urc.line):
            self._reboots += 1
        self._on_urc(urc)
