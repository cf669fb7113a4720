"""Keys of the telephone as RTP events (RFC 4733 section 2): building and hearing them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hardware.softphone.errors import SoftphoneError

KEYS = "0123456789*#ABCD"  # RFC 4733 section 3.2, table 7: the position is the event code
END_PACKETS = 3  # section 2.5.1.4: the last packet is sent three times, as any may be lost

_PAYLOAD = struct.Struct("!BBH")
_END = 0x80
_VOLUME = 10  # section 2.3.4: -10 dBm0, a usual level of a telephone's keys
_LONGEST = 0xFFFF  # section 2.3.5: the duration field has 16 bits


@dataclass(frozen=True)
class TelephoneEvent:
    """The payload of one event packet; the duration counts samples since the key went down."""

    key: str
    duration: int
    end: bool = False

    def to_bytes(self) -> bytes:
        """The four bytes of section 2.3."""
        return _PAYLOAD.pack(KEYS.index(self.key), _VOLUME | (_END if self.end else 0), self.duration)

    @classmethod
    def from_bytes(cls, payload: bytes) -> TelephoneEvent | None:
        """Read a payload; None for events that are not keys and for anything too short."""
        if len(payload) < _PAYLOAD.size:
            return None
        code, flags, duration = _PAYLOAD.unpack_from(payload)
        return cls(KEYS[code], duration, bool(flags & _END)) if code < len(KEYS) else None


def key_press(key: str, duration_ms: int, samples_per_packet: int) -> tuple[TelephoneEvent, ...]:
    """The packets of one pressed key, in order: growing durations, then three alike that end it.

    The duration is rounded up to whole packets. SoftphoneError for an unknown key or a duration that
    the field cannot hold.
    """
    wanted = duration_ms * 8
    if len(key) != 1 or key not in KEYS or not 0 < wanted <= _LONGEST - samples_per_packet:
        raise SoftphoneError(f"cannot press {key!r} for {duration_ms} ms: one of {KEYS} for 1 to 8000 ms")
    packets = -(-wanted // samples_per_packet)
    growing = tuple(TelephoneEvent(key, count * samples_per_packet) for count in range(1, packets))
    return growing + END_PACKETS * (TelephoneEvent(key, packets * samples_per_packet, end=True),)


class KeyEar:
    """Hears each key once, however many packets tell of it (section 2.5.2.3)."""

    def __init__(self) -> None:
        self._counted: int | None = None

    def hear(self, timestamp: int, event: TelephoneEvent) -> str | None:
        """The key, at the first packet that ends it; all packets of one press share a timestamp."""
        if not event.end or timestamp == self._counted:
            return None
        self._counted = timestamp
        return event.key
