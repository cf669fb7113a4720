"""A cursor over a PDU that never runs off its end.

Past the end it hands out what is left (fewer octets, or 0) and notes the first field that was cut, so that every
decoder is total without a single try.
"""

from hardware.modem.pdu.errors import Fault


class Reader:
    """Reads octets front to back and collects what was wrong with them."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self.errors: list[str] = []
        self.truncated = False

    def take(self, count: int, field: str) -> bytes:
        """The next ``count`` octets, fewer if the PDU ends before; ``field`` names them in the error."""
        chunk = self._octets[self._at : self._at + count]
        self._at += len(chunk)
        if len(chunk) < count and not self.truncated:
            self.truncated = True
            self.note(Fault.TRUNCATED, f"{field} has {len(chunk)} of {count} octets")
        return chunk

    def octet(self, field: str) -> int:
        """The next octet, or 0 if the PDU ended."""
        chunk = self.take(1, field)
        return chunk[0] if chunk else 0

    @property
    def at_end(self) -> bool:
        """Whether all has been read."""
        return self._at == len(self._octets)

    def rest(self) -> bytes:
        """All that has not been read."""
        chunk = self._octets[self._at :]
        self._at = len(self._octets)
        return chunk

    def note(self, fault: Fault, detail: str) -> None:
        """Adds one entry to ``errors``."""
        self.errors.append(fault.entry(detail))
