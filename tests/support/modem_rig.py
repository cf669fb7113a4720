"""The driver on a simulated modem, as tests put them together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hardware.modem.driver import Modem
from hardware.modem.pin_memory import SimPin

WAIT_S = 10.0


class Wake(threading.Event):
    """Set by the modem when there is something to list."""

    def awaited(self) -> bool:
        """Whether it was set within a generous time; it is clear again afterwards."""
        was_set = self.wait(WAIT_S)
        self.clear()
        return was_set


@contextmanager
def connected(port: str, *, pin: SimPin | None = None, wake: Wake | None = None) -> Iterator[Modem]:
    """Give a connected driver, and close it at the end."""
    modem = Modem("test", port, pin=pin, on_wake=(wake or Wake()).set)
    try:
        modem.connect()
        yield modem
    finally:
        modem.close()
