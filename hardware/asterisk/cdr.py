"""Calls as Asterisk itself wrote them down: the only trace of one that no process of ours saw.

Asterisk writes a row for each phone that was rung for a call. What we want to know is set by the hangup handler and so
is only in the last of them, which alone has an end; the others are passed over.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIELDS = (
    "uniqueid",
    "siaga112_caller",
    "siaga112_trunk",
    "siaga112_did",
    "siaga112_category",
    "siaga112_language",
    "siaga112_operator",
    "siaga112_dialstatus",
    "siaga112_fallback",
    "siaga112_done",
    "siaga112_start",
    "siaga112_answer",
    "siaga112_end",
    "siaga112_called",
    "siaga112_led_to",
)
"""The columns, as CDR() calls them; cdr_custom.conf is written from this. A new one is added behind the others."""

_FEWEST = 13
"""Columns of the first version's rows: calls out came later, and whom callers are led to."""

_CHUNK = 1 << 22
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_ROW = 4096


@dataclass(frozen=True, slots=True)
class CdrRecord:
    """One call; an empty text was not known.

    Attributes:
        call_id: the Uniqueid of the channel of whoever called.
        called: whom an operator called; empty of a call that came in.
        led_to: to whom an operator led the caller on, as it was dialled; empty when nobody did.
        operator: who answered, else who was tried last.
        dial_status: of the last Dial: `ANSWER`, `NOANSWER`, `BUSY`, `CANCEL`, `CHANUNAVAIL`, `CONGESTION`.
        fallback: the dialplan went on without the scripts.
        done: a script decided where the call goes.
        answered_at: when a human took it; None when nobody did.
    """

    call_id: str
    caller: str
    trunk: str
    did: str
    category: str
    language: str
    operator: str
    dial_status: str
    fallback: bool
    done: bool
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    called: str = ""
    led_to: str = ""


def read_new(path: Path, offset: int) -> tuple[list[CdrRecord], int]:
    """The calls that were added since `offset`, and the offset for the next time; begin with 0.

    A last line that is still being written is left for the next time; a file that has become shorter was begun anew and
    is read from its start; lines that are no records are passed over. At most 4 MiB are read: call again while the
    offset moves.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return [], 0
    start = offset if offset <= size else 0
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(_CHUNK)
    end = data.rfind(b"\n") + 1
    if end == 0 and len(data) == _CHUNK:
        # No row is so long: it would be waited for for ever.
        end = len(data)
    rows = (parse_row(line.decode(errors="replace")) for line in data[:end].split(b"\n"))
    return [record for record in rows if record is not None], start + end


def parse_row(line: str) -> CdrRecord | None:
    """A line of the file; None for a phone that was rung, and for what is no record."""
    if len(line) > _LONGEST_ROW:
        return None
    try:
        values = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
    if not _FEWEST <= len(values) <= len(FIELDS):
        return None
    values += [""] * (len(FIELDS) - len(values))
    call_id, caller, trunk, did, category, language, operator, status, fallback, done, *times, called, led_to = values
    start, answer, end = times
    started_at, ended_at = _time(start), _time(end)
    if not call_id or started_at is None or ended_at is None:
        return None
    return CdrRecord(
        call_id=call_id,
        caller=caller,
        trunk=trunk,
        did=did,
        category=category,
        language=language,
        operator=operator,
        dial_status=status,
        fallback=fallback == "1",
        done=done == "1",
        started_at=started_at,
        answered_at=_time(answer),
        ended_at=ended_at,
        called=called,
        led_to=led_to,
    )


def _time(epoch: str) -> datetime | None:
    """`1795303910.262768`: seconds and microseconds since 1970."""
    seconds, _, fraction = epoch.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        return None
    if not (fraction.isascii() and fraction.isdigit() and len(fraction) == 6):
        return None
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction))
