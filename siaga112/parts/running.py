"""What every part does the same way: start, say that it is ready, wait for the end, stop.

A part ends by SIGTERM or SIGINT, and when the supervisor that started it is gone: then its lifeline (a pipe whose other
end only the supervisor holds) reads end-of-file. A second signal ends it at once.
"""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from siaga112 import log
from siaga112.notify import notify

LIFELINE_VARIABLE = "SIAGA112_LIFELINE"
"""Environment variable that holds the file descriptor of the lifeline, when a supervisor gave one."""


@contextmanager
def end_requests() -> Iterator[int]:
    """Yield a file descriptor that becomes readable at the first SIGTERM or SIGINT; the second one ends the process."""
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    asked = False

    def on_signal(signum: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(128 + signum)
        asked = True
        os.write(writer, b"x")

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield reader
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)


def run_part(name: str, part: AbstractContextManager[object]) -> None:
    """Run ``part`` until it is asked to end: entering it starts it, leaving it stops it in good order."""
    logger = log.get(name)
    with end_requests() as asked:
        waits = [asked]
        lifeline = os.environ.get(LIFELINE_VARIABLE, "")
        if lifeline:
            waits.append(int(lifeline))
        with part:
            notify("READY=1")
            logger.info("part_ready")
            select.select(waits, [], [])
            logger.info("part_stopping")
            notify("STOPPING=1")
    logger.info("part_stopped")
