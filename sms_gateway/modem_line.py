"""One modem at work: what it has stored goes into the stream and is deleted only then; what waits for it goes out.

A notification of the modem only wakes the loop. The memories are listed every few seconds all the same, since modems
forget to notify.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import attrgetter
from time import monotonic
from typing import TypeVar

from hardware.modem.driver import Modem, trouble_of
from hardware.modem.errors import ModemError, RefusedError, StaleListingError
from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.listing import StoredPdu
from hardware.modem.pdu import decode
from redis_queue.errors import QueueError
from redis_queue.streams import Stream
from siaga112 import log
from sms_gateway.modem_watch import ModemWatch
from sms_gateway.outbox_waits import say_outbox_waits
from sms_gateway.received import is_damaged
from sms_gateway.record import SmsRecord
from sms_gateway.sender import Sender
from tickets.errors import StoreUnavailableError

POLL_S = 3.0
EVERYTHING_S = 10.0
"""At the latest after so long every memory is listed, however many messages a modem tells of in one of them."""

TICK_S = 0.5
BRISK_TICK_S = 0.1
BRISK_S = 2.0
"""So long after a message its reply is looked for more often."""

HEALTH_S = 60.0
RETRY_S = 2.0
LOOK_WAITS_S = 10.0
"""For so long a look at the modem waits for the messages that are still coming in."""

BATCH = 50
"""Messages that go into the stream with one write to the disk."""

SENDS_PER_ROUND = 3
"""Replies between two looks into the memories: a busy sender must not fill them."""

LOCKED = frozenset({ModemState.NO_SIM, ModemState.PIN, ModemState.PUK})
"""Nothing can be read or sent, and asking would only hide the reason behind another error."""

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
        watch: ModemWatch,
    ) -> None:
        self.name = name
        self._modem = modem
        self._wake = wake
        self._stream = stream
        self._sender = sender
        self._watch = watch
        self._stopping = threading.Event()
        self._attempted = threading.Event()
        self._in_stream: set[tuple[str, int, str]] = set()
        self._damaged: set[tuple[str, int, str]] = set()
        self._brisk_until = self._sending_from = 0.0
        self._progressed_at = monotonic()
        self._log = log.get(__name__).bind(modem=name)
        self._thread = threading.Thread(target=self._run, name=f"modem-{name}")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_attempted(self, limit_s: float) -> bool:
        """Wait until the modem has been tried once, with or without success."""
        return self._attempted.wait(limit_s)

    def progress(self) -> float:
        """When the thread last began something (`time.monotonic`)."""
        return self._progressed_at

    def ask_to_stop(self) -> None:
        """Have it end after what is in hand; returns at once."""
        self._stopping.set()
        self._wake.set()

    def stop(self) -> None:
        """End after what is in hand, and close the port."""
        self.ask_to_stop()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._progressed_at = monotonic()
            trouble = self._work()
            if trouble:
                self._tell(trouble)
            self._attempted.set()
            self._stopping.wait(RETRY_S)
        self._modem.close()

    def _work(self) -> ModemHealth | None:
        """Serve the modem until the end, or until it fails; gives how it failed."""
        try:
            self._modem.connect()
            self._serve()
        except ModemError as error:
            return ModemHealth(self.name, ModemState.DOWN, str(error), trouble=trouble_of(error))
        except Exception as error:  # noqa: BLE001 - a thread that ends unseen would leave the modem deaf for ever
            self._log.exception("modem.line_failed")
            return ModemHealth(self.name, ModemState.DOWN, f"{type(error).__name__}: {error}")
        return None

    def _tell(self, trouble: ModemHealth) -> None:
        try:
            self._watch.note(trouble)
        except Exception:  # noqa: BLE001 - as above
            self._log.exception("modem.watch_failed")

    def _serve(self) -> None:
        health_due, poll_due, everything_by = monotonic(), 0.0, 0.0
        while not self._stopping.is_set():
            self._progressed_at = monotonic()
            # Messages first: a modem that leaves questions unanswered takes long to look at.
            if self._wake.is_set() or monotonic() >= poll_due:
                self._wake.clear()
                everything = monotonic() >= min(poll_due, everything_by)
                if everything:
                    everything_by = monotonic() + EVERYTHING_S
                poll_due = monotonic() + (POLL_S if self._drain(told_only=not everything) else TICK_S)
            if monotonic() >= health_due + (LOOK_WAITS_S if self._wake.is_set() else 0):
                self._watch.look()
                health_due = monotonic() + (HEALTH_S if self._watch.state is ModemState.UP else POLL_S)
            self._attempted.set()
            self._send()
            self._watch.idle()
            self._wake.wait(BRISK_TICK_S if monotonic() < self._brisk_until else TICK_S)

    def _drain(self, *, told_only: bool) -> bool:
        """Empty the memories, or those that the modem told of, into the stream; False when to be tried again soon."""
        if self._watch.state in LOCKED:
            return True
        try:
            received = [one for one in self._modem.list_stored(told_only=told_only) if one.received]
            if not told_only:
                self._in_stream.intersection_update(map(_place, received))
                self._damaged.intersection_update(map(_place, received))
            whole = self._not_doubtful(received)
            for batch in _batches(whole, BATCH):
                self._keep([one for one in batch if _place(one) not in self._in_stream])
                if not self._delete_all(batch):
                    return False
        except QueueError as error:
            # Nothing was deleted that is not kept: the modem is the queue until Redis is back.
            self._log.error("sms.stay_in_modem", reason=str(error))
            return False
        except StaleListingError:
            # The modem started anew in between; what is in the stream already is known by its key when it comes again.
            self._in_stream.clear()
            return False
        except RefusedError:
            health = self._modem.health()
            if health.state not in LOCKED:
                raise
            self._watch.note(health)
            return True
        return len(whole) == len(received)

    def _not_doubtful(self, received: Sequence[StoredPdu]) -> list[StoredPdu]:
        """All but what looks damaged and is seen so for the first time: a line that lost octets is asked again."""
        damaged = {_place(one) for one in received if is_damaged(decode(one.pdu_hex))}
        doubtful = damaged - self._damaged
        self._damaged |= damaged
        return [one for one in received if _place(one) not in doubtful]

    def _keep(self, batch: Sequence[StoredPdu]) -> None:
        if not batch:
            return
        now = datetime.now(UTC)
        self._stream.add_all(SmsRecord(self.name, one.pdu_hex, now).to_fields() for one in batch)
        self._in_stream.update(map(_place, batch))
        self._watch.heard()
        self._brisk_until = monotonic() + BRISK_S
        self._log.info("sms.stored", count=len(batch))

    def _delete_all(self, batch: Sequence[StoredPdu]) -> bool:
        """False when nobody knows which of them are gone, so that they must be listed again."""
        for _, of_memory in groupby(batch, key=attrgetter("memory")):
            some = list(of_memory)
            try:
                together = self._modem.delete_together(some)
            except RefusedError as error:
                self._log.warning("sms.not_deleted_together", memory=some[0].memory, reason=str(error))
                return False
            if not together:
                for one in some:
                    self._delete(one)
        return True

    def _delete(self, one: StoredPdu) -> None:
        """A message that the modem does not let go must not keep those behind it from being read."""
        try:
            self._modem.delete(one.memory, one.index)
        except RefusedError as error:
            self._log.error("sms.not_deleted", memory=one.memory, index=one.index, reason=str(error))
        else:
            self._in_stream.discard(_place(one))

    def _send(self) -> None:
        if self._watch.state is not ModemState.UP or monotonic() < self._sending_from:
            return
        try:
            for _ in range(SENDS_PER_ROUND):
                if not self._sender.send_next() or self._wake.is_set():
                    return
        except StoreUnavailableError as error:
            say_outbox_waits(self._log, error)
            self._sending_from = monotonic() + RETRY_S
        except Exception:  # noqa: BLE001 - whatever is wrong with the outbox, what citizens send must be taken in
            self._log.exception("outbox.failed")
            self._sending_from = monotonic() + RETRY_S


def _place(one: StoredPdu) -> tuple[str, int, str]:
    """What stays the same when a message is listed again; its status does not."""
    return one.memory, one.index, one.pdu_hex


def _batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
