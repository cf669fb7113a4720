"""A thread that does something small again and again, while a part runs."""

import threading
from collections.abc import Callable

from redis_queue.errors import QueueError
from siaga112 import log
from sms_gateway.errors import GatewayError
from tickets.errors import StoreUnavailableError

RETRY_S = 2.0
"""What a server that was away has kept waiting does not wait for its next turn as well."""


class Periodic:
    """Calls ``action`` every ``every_s`` seconds; one that fails is said, and called again soon if a server was away.

    ``at_once``: the first time at the start, not after the first pause.
    """

    def __init__(self, name: str, action: Callable[[], object], *, every_s: float, at_once: bool = False) -> None:
        self._action = action
        self._every_s = every_s
        self._first_s = 0.0 if at_once else every_s
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
        pause_s = self._first_s
        while not self._stopping.wait(pause_s):
            pause_s = self._every_s
            try:
                self._action()
            except (StoreUnavailableError, QueueError, GatewayError) as error:
                pause_s = min(self._every_s, RETRY_S)
                self._log.warning("periodic.waits", action=self._thread.name, reason=str(error))
            except Exception:  # noqa: BLE001 - the next time may go well
                self._log.exception("periodic.failed")
