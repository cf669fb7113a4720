"""One modem at work: what it has stored goes into the stream and is deleted only then; what waits for it goes out.

A notification of the modem only wakes the loop. The memories are listed every few seconds all the same, since modems
forget to notify.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import TypeVar

from hardware.modem.driver import Modem
from hardware.modem.errors import ModemError, StaleListingError
from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.listing import StoredPdu
from redis_queue.errors import QueueError
from redis_queue.streams import Stream
from siaga112 import log
from sms_gateway.health_board import HealthBoard
from sms_gateway.record import SmsRecord
from sms_gateway.sender import Sender
from tickets.errors import StoreUnavailableError

POLL_S = 5.0
TICK_S = 0.5
HEALTH_S = 60.0
RETRY_S = 5.0
BATCH = 50
"""Messages that go into the stream with one write to the disk."""

SENDS_PER_ROUND = 3
"""Replies between two looks into the memories: a busy sender must not fill them."""

Item = TypeVar("Item")


class ModemLine:
    """The thread that owns one modem. One modem's trouble never touches another's."""

    def __init__(
        self,
        name: str,
        modem: Modem,
        *,
        wake: threading.Event,
        stream: Stream,
        sender: Sender,
        board: HealthBoard,
    ) -> None:
        self._name = name
        self._modem = modem
        self._wake = wake
        self._stream = stream
        self._sender = sender
        self._board = board
        self._sim: str | None = None
        self._stopping = threading.Event()
        self._attempted = threading.Event()
        self._state: ModemState | None = None
        self._log = log.get(__name__).bind(modem=name)
        self._thread = threading.Thread(target=self._run, name=f"modem-{name}")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_attempted(self, limit_s: float) -> bool:
        """Wait until the modem has been tried once, with or without success."""
        return self._attempted.wait(limit_s)

    def stop(self) -> None:
        """End after what is in hand, and close the port."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._modem.connect()
                self._serve()
            except ModemError as error:
                self._note(ModemHealth(self._name, ModemState.DOWN, str(error)))
            self._attempted.set()
            self._stopping.wait(RETRY_S)
        self._modem.close()

    def _serve(self) -> None:
        health_due = poll_due = 0.0
        while not self._stopping.is_set():
            if monotonic() >= health_due:
                self._look()
                health_due = monotonic() + HEALTH_S
            if self._wake.is_set() or monotonic() >= poll_due:
                self._wake.clear()
                self._drain()
                poll_due = monotonic() + POLL_S
            self._attempted.set()
            self._send()
            self._wake.wait(TICK_S)

    def _look(self) -> None:
        health = self._modem.health()
        # The SIM names the inbox in every message's key: once read it stays, or a repeated message would look new.
        self._sim = self._sim or health.imsi
        self._note(health)

    def _note(self, health: ModemHealth) -> None:
        if health.state is not self._state:
            say = self._log.info if health.state is ModemState.UP else self._log.error
            say("modem_state", state=health.state.value, reason=health.reason)
            self._state = health.state
        try:
            self._board.show(health)
        except QueueError as error:
            self._log.warning("modem_health_not_shown", reason=str(error))

    def _drain(self) -> None:
        try:
            for batch in _batches([one for one in self._modem.list_stored() if one.received], BATCH):
                self._keep(batch)
                for one in batch:
                    self._modem.delete(one.memory, one.index)
        except QueueError as error:
            # Nothing was deleted that is not kept: the modem is the queue until Redis is back.
            self._log.error("sms_stay_in_modem", reason=str(error))
        except StaleListingError:
            # The modem started anew in between; what is in the stream already is known by its key when it comes again.
            self._wake.set()

    def _keep(self, batch: Sequence[StoredPdu]) -> None:
        now = datetime.now(UTC)
        sim = self._sim or self._name
        self._stream.add_all(SmsRecord(self._name, sim, one.pdu_hex, now).to_fields() for one in batch)
        self._log.info("sms_stored", count=len(batch))

    def _send(self) -> None:
        if self._state is not ModemState.UP:
            return
        try:
            for _ in range(SENDS_PER_ROUND):
                if self._wake.is_set() or not self._sender.send_next():
                    return
        except StoreUnavailableError as error:
            self._log.warning("outbox_waits", reason=str(error))


def _batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
