"""G.711 A-law and µ-law: 8 kHz, one byte per sample (ITU-T G.711; RFC 3551 section 4.5.14).

Samples are 16-bit linear integers. Encoding works through a table of the top 13 (A-law) or 14 (µ-law)
bits, which is all that the law keeps; the table is built when the first sample is encoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache

SAMPLE_RATE = 8000

_A_EVEN_BITS = 0x55  # G.711 section 3.1: the even bits of an A-law byte are inverted on the line
_MU_BIAS = 33  # G.711 table 2a: added to the 14-bit magnitude before the segment is found
_MU_MAX = 8158  # the largest 14-bit magnitude before µ-law clips


class Codec(Enum):
    """The two laws, with their static RTP payload types (RFC 3551 table 4)."""

    PCMA = 8
    PCMU = 0

    @property
    def payload_type(self) -> int:
        """The static RTP payload type."""
        return self.value

    @property
    def silence(self) -> bytes:
        """The byte that stands for the linear value 0."""
        return encode(self, (0,))


def decode(codec: Codec, payload: bytes) -> list[int]:
    """Bytes of the line to linear samples of -32768..32767."""
    table = _decoding(codec)
    return [table[byte] for byte in payload]


def encode(codec: Codec, samples: Iterable[int]) -> bytes:
    """Linear samples of -32768..32767 to bytes of the line."""
    table = _encoding(codec)
    if codec is Codec.PCMA:
        return bytes(table[(sample >> 3) + 4096] for sample in samples)
    # µ-law mirrors at zero: what it drops of a negative sample must bring it nearer to zero, too.
    return bytes(table[(sample >> 2 if sample >= 0 else -(-sample >> 2)) + 8192] for sample in samples)


@cache
def _decoding(codec: Codec) -> tuple[int, ...]:
    law = _a_to_linear if codec is Codec.PCMA else _mu_to_linear
    return tuple(law(byte) for byte in range(256))


@cache
def _encoding(codec: Codec) -> bytes:
    if codec is Codec.PCMA:
        return bytes(_linear_to_a(value) for value in range(-4096, 4096))
    return bytes(_linear_to_mu(value) for value in range(-8192, 8192))


def _a_to_linear(byte: int) -> int:
    line = byte ^ _A_EVEN_BITS
    segment, step = (line >> 4) & 0x07, line & 0x0F
    magnitude = (step << 4) + 8
    if segment:
        magnitude = (magnitude + 0x100) << (segment - 1)
    return magnitude if line & 0x80 else -magnitude


def _linear_to_a(value: int) -> int:
    # A negative value -1 lies in the first interval below zero, as 0 lies in the first above it.
    sign, magnitude = (0x80, value) if value >= 0 else (0x00, -value - 1)
    segment = max(magnitude.bit_length() - 5, 0)
    step = (magnitude >> max(segment, 1)) & 0x0F
    return (sign | segment << 4 | step) ^ _A_EVEN_BITS


def _mu_to_linear(byte: int) -> int:
    line = ~byte & 0xFF
    magnitude = ((((line & 0x0F) << 1) + _MU_BIAS) << ((line >> 4) & 0x07)) - _MU_BIAS
    return -magnitude * 4 if line & 0x80 else magnitude * 4


def _linear_to_mu(value: int) -> int:
    sign, magnitude = (0x00, value) if value >= 0 else (0x80, -value)
    biased = min(magnitude, _MU_MAX) + _MU_BIAS
    segment = biased.bit_length() - 6
    step = (biased >> (segment + 1)) & 0x0F
    return ~(sign | segment << 4 | step) & 0xFF
