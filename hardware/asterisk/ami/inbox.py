"""What one listener has not been told yet, and the thread that tells it.

The listener may take its time and wait: neither whoever reads nor the other listeners wait for it. When it is so slow
that the events do not fit any more, they are dropped and it gets a new full look instead.
"""

import threading
from collections.abc import Callable, Set
from enum import Enum, auto
from queue import Empty, SimpleQueue

from hardware.asterisk.ami.errors import AmiError
from hardware.asterisk.ami.protocol import Message
from siaga112 import log

MOST_EVENTS_WAITING = 20_000
"""About a thousand calls' worth."""


class Mark(Enum):
    """What is told beside events and losses."""

    READY = auto()
    """Time for a full look."""


class _End(Enum):
    END = auto()


News = Message | AmiError | Mark

_log = log.get(__name__)


class Inbox:
    """The inbox of one listener.

    Args:
        wanted: names of the events that it wants.
        tell: called for each, in order, by the inbox's own thread.
    """

    def __init__(self, wanted: Set[str], tell: Callable[[News], None]) -> None:
        self._wanted = wanted
        self._tell = tell
        self._waiting: SimpleQueue[News | _End] = SimpleQueue()
        self._thread = threading.Thread(target=self._tell_all, name="ami-listener", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def offer(self, event: Message) -> None:
        """Tell of an event, if it is wanted; by one thread only."""
        if event.event not in self._wanted:
            return
        if self._waiting.qsize() >= MOST_EVENTS_WAITING:
            self._drop_waiting()
            self.put(Mark.READY)
        self.put(event)

    def put(self, news: News) -> None:
        """Tell of this."""
        self._waiting.put(news)

    def end(self) -> None:
        """Tell nothing that comes later."""
        self._waiting.put(_End.END)

    def join(self) -> None:
        """Wait until its thread has ended, unless that is who asks."""
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _drop_waiting(self) -> None:
        dropped = 0
        try:
            while True:
                self._waiting.get_nowait()
                dropped += 1
        except Empty:
            _log.error("ami.events_dropped", count=dropped)

    def _tell_all(self) -> None:
        while not isinstance(news := self._waiting.get(), _End):
            try:
                self._tell(news)
            except Exception:  # noqa: BLE001  a fault in one event must not blind us for all that follow
                _log.exception("ami.listener_failed")
