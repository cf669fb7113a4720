"""TP-Validity-Period, relative form: how long the centre keeps trying (TS 23.040 clause 9.2.3.12.1)."""

from datetime import timedelta

# Octets up to the first number count steps of the second: value = step * (octet - origin).
_RANGES = (
    (143, timedelta(minutes=5), -1),
    (167, timedelta(minutes=30), 119),  # 12 hours + (octet - 143) half hours
    (196, timedelta(days=1), 166),
    (255, timedelta(weeks=1), 192),
)


def encode_validity(period: timedelta) -> int:
    """The octet of the shortest period that is not shorter than asked, at most 63 weeks."""
    for last, step, origin in _RANGES:
        if (octet := origin - (-period // step)) <= last:
            return max(octet, 0)
    return 255


def decode_validity(octet: int) -> timedelta:
    """The period an octet means."""
    step, origin = next((step, origin) for last, step, origin in _RANGES if octet <= last)
    return (octet - origin) * step
