"""Calls as Asterisk wrote them down, as facts: a call that no process of ours saw leaves its record and ticket too."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from hardware.asterisk.cdr import CdrRecord, read_new
from ivr.remembered import Remembered
from redis_queue.last_calls import Talk
from redis_queue.streams import Stream
from siaga112 import log
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

_log = log.get(__name__)


class CallRecords:
    """Reads the CDR file on, from where an earlier run stopped, into the stream of facts.

    A record may be told twice when a process dies in between; facts merge, so that changes nothing.
    """

    def __init__(
        self, file: Path, stream: Stream, operators: frozenset[str], remembered: Remembered, place: Path
    ) -> None:
        """`place`: the file in which it is kept how far `file` has been read."""
        self._file = file
        self._stream = stream
        self._operators = operators
        self._remembered = remembered
        self._place = place
        self._refused = ""

    def tell(self) -> int:
        """Tell the records that are new and return how many; raises `UnavailableError` when Redis is away.

        A file that cannot be read is said once, and read as soon as it can be.
        """
        told = 0
        while True:
            offset = self._offset()
            records, following = self._new(offset)
            if following == offset:
                return told
            if records:
                # Before the facts are told: after that nobody is on the list any more who was called back.
                self._remembered.last_calls.learn(self._talks(records))
                self._stream.add_all(self._fact(record).to_fields() for record in records)
            self._keep(following)
            told += len(records)

    def _new(self, offset: int) -> tuple[list[CdrRecord], int]:
        try:
            found = read_new(self._file, offset)
        except OSError as error:
            reason = error.strerror or str(error)
            if reason != self._refused:
                _log.error("cdr.unreadable", path=str(self._file), reason=reason)
            self._refused = reason
            return [], offset
        self._refused = ""
        return found

    def _talks(self, records: Sequence[CdrRecord]) -> Iterator[Talk]:
        """With whom operators talked: nobody may have told it when it was."""
        waiting = self._remembered.callbacks.numbers() if any(record.called for record in records) else ()
        for record in records:
            # Who called an agency may still mark the caller; who called a citizen back may not.
            if record.answered_at and record.operator in self._operators and record.called in ("", *waiting):
                yield Talk(record.operator, None if record.called else record.call_id, record.answered_at)

    def _fact(self, record: CdrRecord) -> CallFact:
        answered = record.answered_at is not None
        ours = record.operator in self._operators and (answered or record.called != "")
        return CallFact(
            call_id=record.call_id,
            kind=CallFactKind.RECORDED,
            at=record.ended_at,
            caller=record.caller,
            trunk=record.trunk,
            did=record.did,
            category=record.category,
            language=record.language,
            operator=record.operator if ours else None,
            fallback=record.fallback,
            answered=answered,
            started_at=record.started_at,
            answered_at=record.answered_at,
            called=record.called,
            outcome=self._outcome(record),
        )

    def _outcome(self, record: CdrRecord) -> Outcome | None:
        """What does not follow from answer and fallback."""
        if record.called:
            return None if record.answered_at else Outcome.UNANSWERED
        return Outcome.TRANSFERRED if record.led_to and record.led_to not in self._operators else None

    def _offset(self) -> int:
        try:
            return int(self._place.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _keep(self, offset: int) -> None:
        fresh = self._place.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.replace(self._place)
