"""What every part does the same way: start, say that it is ready, show that it lives, wait for the end, stop.

A part ends by SIGTERM, SIGINT or SIGHUP (its terminal was closed), and when the supervisor that started it is gone:
then its lifeline (a pipe whose other end only the supervisor holds) reads end-of-file. A second signal ends it at once.
"""

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from siaga112 import log
from siaga112.notify import notify
from siaga112.parts.vitals import Heartbeat, Vitals

LIFELINE_VARIABLE = "SIAGA112_LIFELINE"
"""Environment variable that holds the file descriptor of the lifeline, when a supervisor gave one."""


def supervised() -> bool:
    """Whether our supervisor started this process."""
    return LIFELINE_VARIABLE in os.environ


def lifeline() -> list[int]:
    """The descriptor that reads end-of-file once whoever started this process is gone; none where there is none."""
    given = os.environ.get(LIFELINE_VARIABLE, "")
    return [int(given)] if given else []


@contextmanager
def end_requests() -> Iterator[int]:
    """Yield a file descriptor that becomes readable at the first signal to end; the second one ends the process.

    SIGHUP is only ever a first one, since a terminal that closes may send several, and none where nohup(1) has it
    ignored.
    """
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    asked = False

    def on_signal(signum: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked and signum == signal.SIGHUP:
            return
        if asked:
            os._exit(128 + signum)
        asked = True
        os.write(writer, b"x")

    previous = {number: signal.signal(number, on_signal) for number in ending_signals()}
    try:
        yield reader
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)


def ending_signals() -> tuple[signal.Signals, ...]:
    """The signals by which a person or a service manager has a process of ours end in good order."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return (signal.SIGTERM, signal.SIGINT) if ignored else (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def end_with_any_thread(name: str) -> Iterator[None]:
    """A thread that dies of an exception takes the process with it: started again it is whole, and not half dead."""
    logger = log.get(name)

    def on_death(death: threading.ExceptHookArgs) -> None:
        if death.exc_type is SystemExit:
            return
        thread = death.thread.name if death.thread else "?"
        logger.critical("thread.died", thread=thread, exc_info=death.exc_value)
        os._exit(os.EX_SOFTWARE)

    previous, threading.excepthook = threading.excepthook, on_death
    try:
        yield
    finally:
        threading.excepthook = previous


def run_part(name: str, part: AbstractContextManager[Vitals]) -> None:
    """Run ``part`` until it is asked to end: entering it starts it, leaving it stops it in good order.

    Entering gives what must go on in it; while that does, whoever started the process hears so.
    """
    logger = log.get(name)
    with end_requests() as asked, end_with_any_thread(name):
        waits = [asked, *lifeline()]
        with part as vitals:
            heart = Heartbeat(name, vitals)
            notify("READY=1")
            logger.info("part.ready")
            while not select.select(waits, [], [], heart.every_s)[0]:
                heart.beat()
            logger.info("part.stopping")
            notify("STOPPING=1")
    logger.info("part.stopped")
