"""A modem line at work, on a real Redis and a database of its own, as the modem part puts it together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from redis import Redis

from hardware.modem.driver import Modem
from hardware.modem.pin_memory import SimPin
from redis_queue.streams import Stream
from sms_gateway.health_board import HealthBoard
from sms_gateway.modem_line import ModemLine
from sms_gateway.modem_watch import ModemWatch, WatchSettings
from sms_gateway.sender import Sender
from sms_gateway.signal_history import SignalHistory
from tests.support.sms import MODEM
from tickets.database.store import Store

STREAM = "test:sms"
UNWATCHED = WatchSettings()


@dataclass(frozen=True)
class Bench:
    """What lines share."""

    redis: Redis
    store: Store

    @property
    def stream(self) -> Stream:
        """Where their messages go."""
        return Stream(self.redis, STREAM)

    @property
    def board(self) -> HealthBoard:
        """Where their states are shown."""
        return HealthBoard(self.redis)

    def in_stream(self) -> list[str]:
        """The PDUs in the stream, oldest first."""
        return [fields["pdu"] for fields in self.entries()]

    def entries(self) -> list[dict[str, str]]:
        """What the entries of the stream hold, oldest first."""
        rows = cast("list[tuple[str, dict[str, str]]]", self.redis.xrange(STREAM))
        return [fields for _, fields in rows]

    def sender(self, modem: Modem, *, name: str = MODEM, per_minute: int = 600) -> Sender:
        """What sends by a modem."""
        return Sender(name, modem, self.store, per_minute=per_minute, validity=timedelta(hours=1))

    @contextmanager
    def line(
        self, port: str, *, name: str = MODEM, pin: SimPin | None = None, watched: WatchSettings = UNWATCHED
    ) -> Iterator[ModemLine]:
        """A line at work."""
        wake = threading.Event()
        modem = Modem(name, port, pin=pin, on_wake=wake.set)
        watch = ModemWatch(modem, self.board, SignalHistory(self.redis), watched)
        line = ModemLine(name, modem, wake=wake, stream=self.stream, sender=self.sender(modem, name=name), watch=watch)
        line.start()
        try:
            yield line
        finally:
            line.stop()
