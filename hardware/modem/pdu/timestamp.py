"""TP-Service-Centre-Time-Stamp and its like: seven swapped semi-octet pairs (TS 23.040 clause 9.2.3.11)."""

from datetime import datetime, timedelta, timezone

from hardware.modem.pdu.errors import Fault, UnencodableError
from hardware.modem.pdu.reader import Reader

OCTETS = 7
_QUARTER = timedelta(minutes=15)
_WEST = 0x08  # bit 3 of the time zone octet: minus
# Two digits hold no century. No SMS was sent before 1992, so 90-99 are those years.
_FIRST_YEAR = 1990


def read_timestamp(octets: bytes, field: str, reader: Reader) -> datetime | None:
    """The time in these octets, with the offset it gives, or None if it is no time (noted in ``reader``)."""
    if len(octets) < OCTETS:
        return None
    try:
        return _decode(octets)
    except ValueError as reason:
        reader.note(Fault.BAD_TIMESTAMP, f"{field} {octets.hex().upper()}: {reason}")
        return None


def encode_timestamp(moment: datetime) -> bytes:
    """Its seven octets; what is finer than a second, or than a quarter of an hour in the offset, is cut.

    Raises:
        UnencodableError: ``moment`` is naive.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise UnencodableError(f"{moment} is no time for an SMS: it needs an offset from UTC")
    quarters, west = abs(offset) // _QUARTER, offset < timedelta(0)
    fields = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second, quarters)
    octets = bytearray(value % 10 << 4 | value // 10 for value in fields)
    octets[-1] |= _WEST if west else 0
    return bytes(octets)


def _decode(octets: bytes) -> datetime:
    year, month, day, hour, minute, second = map(_decimal, octets[:6])
    zone = octets[6]
    offset = _decimal(zone & ~_WEST) * _QUARTER
    year += 1900 if year >= _FIRST_YEAR % 100 else 2000
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone(-offset if zone & _WEST else offset))


def _decimal(octet: int) -> int:
    tens, units = octet & 0xF, octet >> 4
    if tens > 9 or units > 9:
        raise ValueError(f"{tens:X}{units:X} is not decimal")
    return 10 * tens + units
