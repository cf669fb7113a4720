"""A thread that does something small again and again, while a part runs."""

import threading
from collections.abc import Callable

from siaga112 import log


class Periodic:
    """Calls ``action`` every ``every_s`` seconds; one that fails is said and called again the next time."""

    def __init__(self, name: str, action: Callable[[], None], *, every_s: float) -> None:
        self._action = action
        self._every_s = every_s
        self._stopping = threading.Event()
        self._log = log.get(name)
        self._thread = threading.Thread(target=self._run, name=name)

    def __enter__(self) -> "Periodic":
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._action()
            except Exception:  # noqa: BLE001 - the next time may go well
                self._log.exception("periodic_failed")
