"""The outgoing half of a call's audio: which packet is next (no socket, no clock)."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable

from hardware.softphone.g711 import SAMPLE_RATE, Codec, encode
from hardware.softphone.negotiation import Agreement
from hardware.softphone.rtp import RtpPacket
from hardware.softphone.sounds import SILENCE, Sound
from hardware.softphone.telephone_event import END_PACKETS, TelephoneEvent, key_press

PACKET_SECONDS = 0.020  # RFC 3551 section 4.2: the usual packet
PACKET_SAMPLES = SAMPLE_RATE // 50
_PAUSE_PACKETS = 4  # ITU-T Q.24: keys less than 65 ms apart may be taken for one


class RtpSender:
    """Sound and key presses as a stream of packets, one every 20 ms."""

    def __init__(self, on_key_sent: Callable[[str], None]) -> None:
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbits(16)
        self._timestamp = secrets.randbits(32)
        self._marker = True  # RFC 3551 section 4.1: the first packet after a silence
        self._sound = SILENCE
        self._encoded: tuple[Codec, bytes] | None = None
        self._position = 0
        self._keys: deque[tuple[TelephoneEvent, ...]] = deque()
        self._pressing: deque[TelephoneEvent] = deque()
        self._pressed_at = 0
        self._pause = 0
        self._on_key_sent = on_key_sent

    def play(self, sound: Sound) -> None:
        """Replace whatever is played."""
        self._sound, self._position, self._encoded = sound, 0, None

    @property
    def finished(self) -> bool:
        """Whether the sound was played to its end."""
        return not self._sound.repeats and self._position >= len(self._sound.samples)

    @property
    def just_finished(self) -> bool:
        """Whether the last packet was the one that ended the sound."""
        return self.finished and self._position - PACKET_SAMPLES < len(self._sound.samples)

    def press(self, key: str, duration_ms: int) -> None:
        """Put a key press in line."""
        self._keys.append(key_press(key, duration_ms, PACKET_SAMPLES))

    def next_packet(self, agreement: Agreement) -> RtpPacket:
        """The packet for the next 20 ms."""
        packet = self._key_packet(agreement) or self._audio_packet(agreement.codec)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._timestamp = (self._timestamp + PACKET_SAMPLES) & 0xFFFFFFFF
        return packet

    def _key_packet(self, agreement: Agreement) -> RtpPacket | None:
        if agreement.telephone_event is None:
            return None
        first = not self._pressing
        if first and not self._next_key():
            return None
        event = self._pressing.popleft()
        # RFC 4733 section 2.5.1.2: the timestamp stays at the moment the key went down.
        packet = RtpPacket(
            agreement.telephone_event, self._sequence, self._pressed_at, self._ssrc, event.to_bytes(), marker=first
        )
        self._after(event)
        return packet

    def _next_key(self) -> bool:
        if self._pause:
            self._pause -= 1
            return False
        if not self._keys:
            return False
        self._pressing, self._pressed_at = deque(self._keys.popleft()), self._timestamp
        return True

    def _after(self, event: TelephoneEvent) -> None:
        if event.end and len(self._pressing) == END_PACKETS - 1:
            self._on_key_sent(event.key)
        if not self._pressing:
            self._pause, self._marker = _PAUSE_PACKETS, True

    def _audio_packet(self, codec: Codec) -> RtpPacket:
        marker, self._marker = self._marker, False
        payload = self._audio(codec)
        return RtpPacket(codec.payload_type, self._sequence, self._timestamp, self._ssrc, payload, marker)

    def _audio(self, codec: Codec) -> bytes:
        if self._encoded is None or self._encoded[0] is not codec:
            self._encoded = codec, encode(codec, self._sound.samples)
        data = self._encoded[1]
        chunk = data[self._position : self._position + PACKET_SAMPLES]
        self._position += PACKET_SAMPLES
        if self._sound.repeats:
            # Sounds that repeat last a whole second: 50 whole packets.
            self._position %= len(data)
        return chunk.ljust(PACKET_SAMPLES, codec.silence)
