"""Entries of the streams that no worker could make anything of: shown beside the dead messages, and given again.

A message that cannot be read is in the database. Here is what is not even a message: a fact without its call, an entry
that another program added, what our own code failed on where nothing else keeps it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from redis_queue.errors import UnknownLetterError
from redis_queue.streams import DeadLetter, Stream
from siaga112.app import App

SEPARATOR = ":"
"""Between the stream's short name and the letter's id, which together are the id that people see."""


@dataclass(frozen=True, slots=True)
class StreamLetter:
    """A dead letter and the stream that it is of: ``sms``, ``twilio`` or ``calls``."""

    stream: str
    letter: DeadLetter

    def to_json(self, timezone: ZoneInfo) -> dict[str, object]:
        """As a dead message is shown; ``pdu`` is the raw content."""
        fields = self.letter.fields
        died_at = datetime.fromtimestamp(self.letter.died_ms / 1000, UTC).astimezone(timezone)
        return {
            "id": f"{self.stream}{SEPARATOR}{self.letter.id}",
            "direction": "in",
            "channel": "call" if self.stream == "calls" else "sms",
            "modem": fields.get("modem") or ("twilio" if self.stream == "twilio" else None),
            "from": fields.get("caller"),
            "to": None,
            "text": None,
            "state": "dead",
            "error": None,
            "ticket": None,
            "created_at": died_at.isoformat(timespec="milliseconds"),
            "pdu": _raw(fields),
            "reason": self.letter.reason,
        }


class DeadLetters:
    """The dead letters of all streams; each method raises `QueueError` when Redis is away."""

    def __init__(self, app: App) -> None:
        self._streams: Mapping[str, Stream] = {
            "sms": app.sms_stream,
            "twilio": app.twilio_stream,
            "calls": app.call_stream,
        }

    def newest(self, limit: int) -> list[StreamLetter]:
        """The newest of all, newest first."""
        letters = [
            StreamLetter(name, letter)
            for name, stream in self._streams.items()
            for letter in stream.dead_letters(limit)
        ]
        return sorted(letters, key=lambda one: -one.letter.died_ms)[:limit]

    def again(self, shown_id: str) -> str:
        """Give one to the worker again, and say so in a line; raises `UnknownLetterError`."""
        name, _, letter_id = shown_id.partition(SEPARATOR)
        stream = self._streams.get(name)
        if stream is None:
            known = ", ".join(f"{name}{SEPARATOR}…" for name in self._streams)
            raise UnknownLetterError(f"{shown_id!r} is no id of `messages dead`: a number, or {known}")
        stream.retry(letter_id)
        return f"{shown_id} is given to the worker again"


def _raw(fields: Mapping[str, str]) -> str:
    """A PDU or a post as it came; where there is none, or more, all that the entry holds."""
    alone = [fields[name] for name in ("pdu", "form") if name in fields]
    return alone[0] if alone else json.dumps(dict(fields), ensure_ascii=False)
