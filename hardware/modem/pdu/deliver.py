"""SMS-DELIVER: a message to us (TS 23.040 clause 9.2.2.1)."""

from datetime import datetime

from hardware.modem.pdu.address import encode_originator, encode_service_centre, read_address
from hardware.modem.pdu.data_coding import DCS_OF, Encoding
from hardware.modem.pdu.encoded import EncodedPdu
from hardware.modem.pdu.header import Ports, UserDataHeader, header_of
from hardware.modem.pdu.message import Message, MessageType
from hardware.modem.pdu.reader import Reader
from hardware.modem.pdu.segments import segment
from hardware.modem.pdu.timestamp import OCTETS, encode_timestamp, read_timestamp
from hardware.modem.pdu.user_data import check_data_fits, encode_user_data, read_user_data

_UDHI = 0x40
_NO_MORE_MESSAGES = 0x04  # TP-MMS is 1 when nothing else waits at the centre


def read_deliver(raw: bytes, smsc: str | None, first_octet: int, reader: Reader) -> Message:
    """Reads from TP-OA on."""
    originator = read_address(reader, "TP-OA")
    reader.octet("TP-PID")
    dcs = reader.octet("TP-DCS")
    stamp = reader.take(OCTETS, "TP-SCTS")
    time = read_timestamp(stamp, "TP-SCTS", reader)
    readable = not reader.truncated
    user_data = read_user_data(reader, dcs, has_header=bool(first_octet & _UDHI)) if readable else None
    return Message(
        type=MessageType.DELIVER if readable else MessageType.UNKNOWN,
        raw=raw,
        smsc=smsc,
        address=originator,
        time=time,
        timestamp=stamp,
        user_data=user_data,
        errors=tuple(reader.errors),
    )


def encode_deliver(
    originator: str, text: str, time: datetime, *, reference: int = 0, smsc: str | None = None
) -> tuple[EncodedPdu, ...]:
    """A text from a number or a name, in as many parts as it needs; ``reference`` (0-255) ties them together.

    Raises:
        UnencodableError: no such sender, a naive time, or a text longer than 255 parts.
    """
    encoding, parts = segment(text, reference)
    return tuple(_encode(originator, encoding, header, body, time=time, smsc=smsc) for header, body in parts)


def encode_data_deliver(
    originator: str, data: bytes, time: datetime, *, ports: Ports | None = None, smsc: str | None = None
) -> EncodedPdu:
    """One message of 8-bit data.

    Raises:
        UnencodableError: no such sender, a naive time, or more data than one message holds.
    """
    header = header_of(ports)
    check_data_fits(header, data)
    return _encode(originator, Encoding.OCTETS, header, data, time=time, smsc=smsc)


def _encode(
    originator: str, encoding: Encoding, header: UserDataHeader, body: bytes, *, time: datetime, smsc: str | None
) -> EncodedPdu:
    first_octet = _NO_MORE_MESSAGES | (_UDHI if header.elements else 0)
    return EncodedPdu(
        encode_service_centre(smsc),
        bytes((first_octet,))
        + encode_originator(originator)
        + bytes((0x00, DCS_OF[encoding]))
        + encode_timestamp(time)
        + encode_user_data(encoding, header, body),
    )
