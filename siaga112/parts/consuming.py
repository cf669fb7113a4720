"""A thread that takes entries from a stream, has them handled, and gives none up but for a fault of its own.

While the database is away nothing is read: entries wait in the stream, and their delivery counts do not grow.
"""

import threading
from collections.abc import Callable, Mapping

from redis_queue.errors import QueueError
from redis_queue.reader import StreamReader
from redis_queue.streams import Entry, Stream
from siaga112 import log
from tickets.errors import StoreUnavailableError

BLOCK_MS = 1000
PAUSE_S = 1.0
TRIES = 5
"""An entry that our own code failed on so often is set aside, so that the others go on; it can be tried again."""

Handler = Callable[[Mapping[str, str]], None]


class FaultyEntryError(Exception):
    """The entry itself is wrong and stays wrong; the text is the reason."""


class Consumer:
    """Reads ``reader`` until it is stopped and hands each entry's fields to ``handle``."""

    def __init__(self, name: str, reader: StreamReader, stream: Stream, handle: Handler) -> None:
        self._reader = reader
        self._stream = stream
        self._handle = handle
        self._stopping = threading.Event()
        self._log = log.get(name)
        self._thread = threading.Thread(target=self._run, name=name)

    def __enter__(self) -> "Consumer":
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
            except (StoreUnavailableError, QueueError) as error:
                # Not the entries' fault: give back what was read and wait until the server is there again.
                self._log.warning("stream_waits", stream=self._stream.name, error=str(error))
                self._reader.rewind()
                self._stopping.wait(PAUSE_S)

    def _round(self) -> None:
        for entry in self._reader.read(block_ms=BLOCK_MS):
            if self._stopping.is_set():
                return
            self._one(entry)

    def _one(self, entry: Entry) -> None:
        try:
            self._handle(entry.fields)
        except (StoreUnavailableError, QueueError):
            raise
        except FaultyEntryError as fault:
            self._bury(entry, str(fault))
        except Exception as error:  # noqa: BLE001 - a fault of our own must not stop the stream nor lose the entry
            self._log.exception("entry_failed", entry=entry.id, deliveries=entry.deliveries)
            if entry.deliveries >= TRIES:
                self._bury(entry, f"failed {entry.deliveries} times: {type(error).__name__}")
        else:
            self._stream.done(entry)

    def _bury(self, entry: Entry, reason: str) -> None:
        self._log.error("entry_dead", stream=self._stream.name, entry=entry.id, reason=reason)
        self._stream.dead(entry, reason)
