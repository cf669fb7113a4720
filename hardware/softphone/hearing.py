"""The incoming half of a call's audio: what was heard (no socket, no clock)."""

from __future__ import annotations

from collections import deque

from hardware.softphone.g711 import SAMPLE_RATE, Codec, decode
from hardware.softphone.rtp import RtpPacket
from hardware.softphone.telephone_event import KeyEar, TelephoneEvent
from hardware.softphone.tone import has_tone, rms

_KEPT_PACKETS = 1500  # 30 s of 20 ms: long enough to look back on a prompt, 240 kB at most
_WINDOW_SECONDS = 0.5


class Hearing:
    """Keeps the last half minute as it came from the line; it is decoded only when somebody listens."""

    def __init__(self) -> None:
        self._kept: deque[tuple[Codec, bytes]] = deque(maxlen=_KEPT_PACKETS)
        self._ear = KeyEar()
        self._newest: tuple[int, int] | None = None
        self.packets = 0
        self.samples = 0
        self.keys = ""

    def take(self, packet: RtpPacket, telephone_event: int | None) -> str | None:
        """Take a packet; the key, if this one ends a key press."""
        if packet.payload_type == telephone_event:
            return self._take_event(packet)
        if packet.payload_type in (Codec.PCMA.value, Codec.PCMU.value) and self._is_news(packet):
            self._kept.append((Codec(packet.payload_type), packet.payload))
            self.packets += 1
            self.samples += len(packet.payload)
        return None

    @property
    def seconds(self) -> float:
        """How much audio came in all."""
        return self.samples / SAMPLE_RATE

    def rms(self) -> float:
        """Loudness of the last half second, linear, of 16-bit samples; 0.0 before anything came."""
        return rms(self.last(_WINDOW_SECONDS))

    def has_tone(self, frequency_hz: float) -> bool:
        """Whether the last half second is mostly this tone."""
        return has_tone(self.last(_WINDOW_SECONDS), frequency_hz)

    def last(self, seconds: float) -> list[int]:
        """The newest samples, at most this many seconds of what is kept."""
        wanted = round(seconds * SAMPLE_RATE)
        chunks: list[tuple[Codec, bytes]] = []
        found = 0
        for chunk in reversed(self._kept):
            if found >= wanted:
                break
            chunks.append(chunk)
            found += len(chunk[1])
        return [sample for codec, payload in reversed(chunks) for sample in decode(codec, payload)][-wanted:]

    def _take_event(self, packet: RtpPacket) -> str | None:
        event = TelephoneEvent.from_bytes(packet.payload)
        key = self._ear.hear(packet.timestamp, event) if event else None
        self.keys += key or ""
        return key

    def _is_news(self, packet: RtpPacket) -> bool:
        """Whether it is newer than all before; a new source starts anew (RFC 3550 appendix A.1)."""
        newest, self._newest = self._newest, (packet.ssrc, packet.sequence)
        if newest is None or newest[0] != packet.ssrc or 0 < (packet.sequence - newest[1]) & 0xFFFF < 0x8000:
            return True
        self._newest = newest
        return False
