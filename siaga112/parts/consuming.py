"""A thread that takes entries from a stream, has them handled, and gives none up but for a fault of its own.

While the database is away nothing is taken out of the stream, however often an entry is read in vain. Each try is
written down before it begins: an entry that ends the process, or has it ended, is given up like one that fails.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from redis_queue.errors import QueueError
from redis_queue.reader import StreamReader
from redis_queue.streams import Entry, Stream
from redis_queue.tries import Tries
from siaga112 import log
from siaga112.parts.periodic import Periodic
from siaga112.parts.vitals import Vital
from tickets.errors import StoreUnavailableError

BLOCK_MS = 1000
PAUSE_S = 1.0
MOST = 10
"""So many entries are in hand at a time, where each is handled on its own."""

TRIES = 5
"""An entry that our own code failed on so often is set aside, so that the others go on; it can be tried again."""

TURN_S = 1.0
"""How often who waits for its turn shows that it lives."""

ENTRY_LIMIT_S = 180.0
"""Longest time for one entry: several transactions, each of which may wait for its turn (10 s) or for a dead server."""

HOLD_EVERY_S = 15.0
"""How often what is in hand is said to be; `StreamReader` takes over what lies for four times as long."""

Handler = Callable[[Mapping[str, str]], None]
GiveUp = Callable[[Mapping[str, str], str], None]
"""Keeps an entry's fields, with the reason, where a person sees them; raises when it cannot."""


@dataclass(frozen=True, slots=True)
class Together:
    """Entries that are handled in one go, all or none: `most` at a time, and rather more of them than at once.

    After a turn that was not full the next begins `every_s` after it: what comes first after a pause waits for nothing.
    """

    handle: Callable[[Sequence[Mapping[str, str]]], None]
    most: int
    every_s: float


class FaultyEntryError(Exception):
    """The entry itself is wrong and stays wrong; the text is the reason."""


class TooEarlyError(Exception):
    """The entry cannot be handled yet: it is given again once it has lain for a while."""


class Consumer:
    """Reads ``reader`` until it is stopped and hands each entry's fields to ``handle``.

    An entry that our own code fails on goes to ``give_up`` in the end; without one, or when that fails too, it becomes
    a dead letter of the stream. All consumers of a process share one ``turn``. With ``together`` entries go by it, and
    one by one only where one of them fails or was tried before.
    """

    def __init__(
        self,
        name: str,
        reader: StreamReader,
        stream: Stream,
        handle: Handler,
        *,
        turn: threading.Lock,
        give_up: GiveUp | None = None,
        together: Together | None = None,
    ) -> None:
        self._reader = reader
        self._stream = stream
        self._handle = handle
        self._give_up = give_up
        self._together = together
        self._turn = turn
        # Redis counts deliveries, also those in which the database was away: these are failures of ours alone.
        self._tries = Tries(stream)
        self._failures: dict[str, int] = {}
        self._in_hand: tuple[Entry, ...] = ()
        self._progressed_at = monotonic()
        self._stopping = threading.Event()
        self._log = log.get(name)
        self._thread = threading.Thread(target=self._run, name=name)
        self._holding = Periodic(f"{name}-in-hand", self._hold, every_s=HOLD_EVERY_S)

    def __enter__(self) -> "Consumer":
        self._thread.start()
        self._holding.__enter__()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._holding.__exit__()

    def vital(self) -> Vital:
        """What must go on in it."""
        return Vital(self._thread.name, lambda: self._progressed_at, ENTRY_LIMIT_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
            except (StoreUnavailableError, QueueError) as error:
                # Not the entries' fault: give back what was read and wait until the server is there again.
                self._log.warning("stream.waits", stream=self._stream.name, error=str(error))
                self._pause()
            except Exception:  # noqa: BLE001 - a thread that ends unseen would leave the stream unread for ever
                self._log.exception("stream.not_read", stream=self._stream.name)
                self._pause()

    def _pause(self) -> None:
        self._reader.rewind()
        self._stopping.wait(PAUSE_S)

    def _round(self) -> None:
        self._progressed_at = monotonic()
        most = self._together.most if self._together else MOST
        entries = self._in_hand = tuple(self._reader.read(most, block_ms=BLOCK_MS))
        began_at = monotonic()
        try:
            if self._together is None or not self._at_once(entries, self._together):
                self._each()
        finally:
            # What is left, also of a failure that was not its own, is anybody's.
            self._in_hand = ()
        if self._together is not None and 0 < len(entries) < most:
            self._stopping.wait(began_at + self._together.every_s - monotonic())

    def _at_once(self, entries: Sequence[Entry], together: Together) -> bool:
        """Handle them in one go; False where they are to be handled one by one."""
        if len(entries) < 2 or any(self._failures_of(entry) for entry in entries):
            return False
        self._tries.note(1, *entries)
        try:
            together.handle([entry.fields for entry in entries])
        except (StoreUnavailableError, QueueError):
            self._does_not_count(0, *entries)
            raise
        except Exception as error:  # noqa: BLE001 - whose fault it is shows when each is handled on its own
            self._log.warning("entries.apart", entries=len(entries), reason=type(error).__name__)
            self._failures.update((entry.id, 0) for entry in entries)
            return False
        self._done(*entries)
        return True

    def _each(self) -> None:
        while self._in_hand and not self._stopping.is_set():
            self._one(self._in_hand[0])
            self._in_hand = self._in_hand[1:]
            self._progressed_at = monotonic()

    def _hold(self) -> None:
        """Another worker takes over what lies for long: not what this one is at, unless it has come to a standstill."""
        if monotonic() - self._progressed_at < ENTRY_LIMIT_S:
            self._reader.hold(self._in_hand)

    def _one(self, entry: Entry) -> None:
        failures = self._failures_of(entry)
        if failures >= TRIES:
            self._give_it_up(entry, f"failed {failures} times, or ended the program")
        elif failures:
            # When one ends the process, all that the others have in hand looks guilty. Of those that were tried before
            # only one is in hand at a time, so that the innocent do not fail with the guilty again and again.
            with self._my_turn():
                self._try(entry, failures)
        else:
            self._try(entry, failures)

    def _failures_of(self, entry: Entry) -> int:
        return self._failures[entry.id] if entry.id in self._failures else self._tries.of(entry)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        while not self._turn.acquire(timeout=TURN_S):
            self._progressed_at = monotonic()
        try:
            yield
        finally:
            self._turn.release()

    def _try(self, entry: Entry, failures: int) -> None:
        self._tries.note(failures + 1, entry)
        try:
            self._handle(entry.fields)
        except (StoreUnavailableError, QueueError):
            self._does_not_count(failures, entry)
            raise
        except TooEarlyError as reason:
            self._log.info("entry.too_early", entry=entry.id, reason=str(reason))
            self._does_not_count(failures, entry)
        except FaultyEntryError as fault:
            self._bury(entry, str(fault))
        except Exception as error:  # noqa: BLE001 - a fault of our own must not stop the stream nor lose the entry
            self._failed(entry, failures + 1, error)
        else:
            self._done(entry)

    def _does_not_count(self, failures: int, *entries: Entry) -> None:
        # Kept here as well: where Redis is away too, what stands there is one too many.
        self._failures.update((entry.id, failures) for entry in entries)
        self._tries.note(failures, *entries)

    def _failed(self, entry: Entry, failures: int, error: Exception) -> None:
        self._failures[entry.id] = failures
        self._log.exception("entry.failed", entry=entry.id, failures=failures)
        if failures >= TRIES:
            self._give_it_up(entry, f"failed {failures} times: {type(error).__name__}")

    def _give_it_up(self, entry: Entry, reason: str) -> None:
        if self._kept_elsewhere(entry, reason):
            self._done(entry)
        else:
            self._bury(entry, reason)

    def _kept_elsewhere(self, entry: Entry, reason: str) -> bool:
        if self._give_up is None:
            return False
        try:
            self._give_up(entry.fields, reason)
        except StoreUnavailableError:
            raise
        except Exception:  # noqa: BLE001 - the dead letters are still there to keep it
            self._log.exception("entry.not_kept", entry=entry.id)
            return False
        self._log.error("entry.given_up", entry=entry.id, reason=reason)
        return True

    def _done(self, *entries: Entry) -> None:
        self._stream.done(*entries)
        for entry in entries:
            self._failures.pop(entry.id, None)

    def _bury(self, entry: Entry, reason: str) -> None:
        self._log.error("entry.dead", stream=self._stream.name, entry=entry.id, reason=reason)
        self._stream.dead(entry, reason)
        self._failures.pop(entry.id, None)
