"""A demo that is told to end leaves nothing running behind it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from siaga112.parts.running import ending_signals


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Leave the block by SystemExit when a signal asks for the end: what was begun in it is ended on the way.

    Further SIGTERM and SIGHUP change nothing then; Ctrl-C cuts the ending short.
    """
    caught = [number for number in ending_signals() if number != signal.SIGINT]

    def leave(signum: int, _frame: FrameType | None) -> NoReturn:
        for number in caught:
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + signum)

    previous = {number: signal.signal(number, leave) for number in caught}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
