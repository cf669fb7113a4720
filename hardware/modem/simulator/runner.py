"""A simulated modem as a program: it runs until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from hardware.modem.simulator.modem import DEFAULT_IMSI, DEFAULT_NUMBER, SimulatedModem


def run_simulator(
    link: Path,
    *,
    delay_s: float = 0.0,
    imsi: str = DEFAULT_IMSI,
    number: str = DEFAULT_NUMBER,
    ready: Callable[[], None],
) -> None:
    """Serve a modem at `link` until the process is told to end; `ready` is called when it can be opened.

    Runs in the main thread, where signals are. Raises SimulatorError.
    """
    stopped = threading.Event()
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {signal_: signal.signal(signal_, lambda *_: stopped.set()) for signal_ in wanted}
    try:
        with SimulatedModem(link, delay_s=delay_s, imsi=imsi, number=number):
            ready()
            stopped.wait()
    finally:
        for signal_, handler in before.items():
            signal.signal(signal_, handler)
