"""Several deletions on one command line (V.250 5.2.2): the modem's time is spent on messages, not on taking turns.

Only where the modem has shown that it reads such a line rightly, and never more than every modem must take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardware.modem.transport.deadlines import Deadline, deadline_of
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional

WORTH_IT = 8
"""Messages from which on it is worth asking whether it can be done."""

LINE_LIMIT = 40  # V.250 5.2.1: what a modem takes at least between AT and the carriage return; a cut index is another
_HARMLESS = ("+CSCA?", "+CPMS?")


def reads_several(link: Link) -> bool:
    """Ask two things on one line, and see both answered. Raises PortLostError, ModemSilentError."""
    answer = ask_optional(link, "AT" + ";".join(_HARMLESS))
    names = [query.rstrip("?") for query in _HARMLESS]
    return answer.ok and all(any(line.startswith(name) for line in answer.lines) for name in names)


def deletions(indexes: Sequence[int]) -> Iterator[tuple[list[int], str]]:
    """Give the lines that delete these, each with the indexes that are on it."""
    some: list[int] = []
    for index in indexes:
        if some and len(_body([*some, index])) > LINE_LIMIT:
            yield some, f"AT{_body(some)}"
            some = []
        some = [*some, index]
    if some:
        yield some, f"AT{_body(some)}"


def time_for(line: str, count: int) -> Deadline:
    """Give the time that a line of so many deletions may take."""
    each = deadline_of(line)
    return Deadline(count * each.total_s, count * each.silence_s)


def _body(indexes: Sequence[int]) -> str:
    return ";".join(f"+CMGD={index}" for index in indexes)
