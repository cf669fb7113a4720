"""RTP packets (RFC 3550 section 5.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hardware.softphone.errors import SoftphoneError

_FIXED = struct.Struct("!BBHII")
_VERSION = 2 << 6
_PADDING, _EXTENSION, _CSRC_COUNT = 0x20, 0x10, 0x0F
_MARKER = 0x80


class RtpError(SoftphoneError):
    """The datagram is not RTP; the receiver drops it."""


@dataclass(frozen=True)
class RtpPacket:
    """One packet; the timestamp counts samples of 1/8000 s."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def to_bytes(self) -> bytes:
        """The datagram, without padding, extension or contributing sources."""
        second = self.payload_type | (_MARKER if self.marker else 0)
        return _FIXED.pack(_VERSION, second, self.sequence, self.timestamp, self.ssrc) + self.payload

    @classmethod
    def from_bytes(cls, datagram: bytes) -> RtpPacket:
        """Read a datagram; RtpError when it is too short or of another version."""
        if len(datagram) < _FIXED.size or datagram[0] & 0xC0 != _VERSION:
            raise RtpError("not an RTP packet of version 2")
        first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(datagram)
        start = _FIXED.size + 4 * (first & _CSRC_COUNT)
        if first & _EXTENSION:
            start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4])
        end = len(datagram) - (datagram[-1] if first & _PADDING else 0)
        if start > end:
            raise RtpError("the RTP header is longer than the packet")
        return cls(second & 0x7F, sequence, timestamp, ssrc, datagram[start:end], bool(second & _MARKER))
