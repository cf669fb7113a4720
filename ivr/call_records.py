"""Calls as Asterisk wrote them down, as facts: a call that no process of ours saw leaves its record and ticket too."""

from pathlib import Path

from hardware.asterisk.cdr import CdrRecord, read_new
from redis_queue.streams import Stream
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome


class CallRecords:
    """Reads the CDR file on, from where an earlier run stopped, into the stream of facts.

    A record may be told twice when a process dies in between; facts merge, so that changes nothing.
    """

    def __init__(self, file: Path, stream: Stream, operators: frozenset[str]) -> None:
        self._file = file
        self._stream = stream
        self._operators = operators
        self._place = file.with_suffix(".read")

    def tell(self) -> int:
        """Tell the records that are new and return how many; raises `UnavailableError` when Redis is away."""
        told = 0
        while True:
            offset = self._offset()
            records, following = read_new(self._file, offset)
            if following == offset:
                return told
            if records:
                self._stream.add_all(self._fact(record).to_fields() for record in records)
            self._keep(following)
            told += len(records)

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
            outcome=Outcome.UNANSWERED if record.called and not answered else None,
        )

    def _offset(self) -> int:
        try:
            return int(self._place.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _keep(self, offset: int) -> None:
        fresh = self._place.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.replace(self._place)
