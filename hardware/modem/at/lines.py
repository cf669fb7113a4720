"""From bytes to lines: CR and LF in any mixture end a line, the prompt ends none.

Bytes stay bytes until a line is whole, then become text as Latin-1, which gives every byte a character: nothing that a
modem sends can be undecodable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Longer than any answer of a modem; what is longer is noise without a line end and must not fill the memory.
MAX_LINE = 65536

# Control characters, blanks and what no text holds (0xF8 to 0xFF, seen on bad lines) mean nothing at either end.
_NOISE = bytes([*range(0x21), 0x7F, *range(0xF8, 0x100)])
_LINE_END = re.compile(rb"[\r\n]")
_PROMPT = re.compile(rb"[^\x21-\x7e]*>[ \x00]?")


class LineBuffer:
    """Collects bytes, gives whole lines; `take_prompt` finds the one thing that no line end follows."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # so that a long line that comes byte by byte is not searched again and again

    def feed(self, data: bytes) -> None:
        """Add what came from the modem."""
        self._buffer += data

    def lines(self) -> Iterator[str]:
        """Give every whole line, without its noise; empty ones are left out."""
        while (raw := self._next_raw()) is not None:
            line = raw.strip(_NOISE)
            if line:
                yield line.decode("latin-1")

    def _next_raw(self) -> bytes | None:
        match = _LINE_END.search(self._buffer, self._searched, MAX_LINE + 1)
        self._searched = len(self._buffer)
        if match is None and len(self._buffer) <= MAX_LINE:
            return None
        start, end = match.span() if match else (MAX_LINE, MAX_LINE)
        raw = bytes(self._buffer[:start])
        del self._buffer[:end]
        self._searched = 0
        return raw

    def take_prompt(self) -> bool:
        """Whether the unfinished line is a prompt; if so it is taken."""
        if not _PROMPT.fullmatch(self._buffer):
            return False
        self.clear()
        return True

    def clear(self) -> None:
        """Forget the unfinished line."""
        self._buffer.clear()
        self._searched = 0
