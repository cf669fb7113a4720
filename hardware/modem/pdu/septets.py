"""Seven-bit units packed into octets, lowest bit first (TS 23.038 clause 6.1.2.1)."""


def unpack(octets: bytes, count: int, *, skip: int = 0) -> bytes:
    """``count`` septets after the first ``skip``, one a byte; fewer if the octets do not hold so many."""
    count = min(count, len(octets) * 8 // 7 - skip)
    bits = int.from_bytes(octets, "little") >> 7 * skip
    return bytes(bits >> shift & 0x7F for shift in range(0, 7 * count, 7))


def pack(septets: bytes, *, skip: int = 0) -> bytes:
    """The octets of these septets, the first ``skip`` septets left zero for a header to be laid over them."""
    bits = 0
    for septet in reversed(septets):
        bits = bits << 7 | septet
    return (bits << 7 * skip).to_bytes(octets_for(skip + len(septets)), "little")


def octets_for(septets: int) -> int:
    """How many octets so many septets fill."""
    return (7 * septets + 7) // 8


def septets_for(octets: int) -> int:
    """How many septets a header of so many octets takes, fill bits included (TS 23.040 clause 9.2.3.24)."""
    return (8 * octets + 6) // 7
