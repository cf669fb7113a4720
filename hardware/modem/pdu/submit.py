"""SMS-SUBMIT: a message from us (TS 23.040 clause 9.2.2.2)."""

from datetime import timedelta

from hardware.modem.pdu.address import encode_number, encode_service_centre, read_address
from hardware.modem.pdu.data_coding import DCS_OF
from hardware.modem.pdu.encoded import EncodedPdu
from hardware.modem.pdu.message import Message, MessageType
from hardware.modem.pdu.reader import Reader
from hardware.modem.pdu.segments import segment
from hardware.modem.pdu.user_data import encode_user_data, read_user_data
from hardware.modem.pdu.validity import decode_validity, encode_validity

_SUBMIT = 0x01
_UDHI = 0x40
_STATUS_REPORT_REQUEST = 0x20
_RELATIVE_VALIDITY = 0x2
# TP-VPF, bits 4 and 3, to the octets of TP-VP: none, enhanced, relative, absolute (clause 9.2.3.3)
_VALIDITY_OCTETS = (0, 7, 1, 7)


def read_submit(raw: bytes, smsc: str | None, first_octet: int, reader: Reader) -> Message:
    """Reads from TP-MR on."""
    reference = reader.octet("TP-MR")
    destination = read_address(reader, "TP-DA")
    reader.octet("TP-PID")
    dcs = reader.octet("TP-DCS")
    validity_format = first_octet >> 3 & 0x3
    validity = reader.take(_VALIDITY_OCTETS[validity_format], "TP-VP")
    readable = not reader.truncated
    user_data = read_user_data(reader, dcs, has_header=bool(first_octet & _UDHI)) if readable else None
    return Message(
        type=MessageType.SUBMIT if readable else MessageType.UNKNOWN,
        raw=raw,
        smsc=smsc,
        address=destination,
        reference=reference,
        validity=decode_validity(validity[0]) if validity_format == _RELATIVE_VALIDITY and validity else None,
        wants_report=bool(first_octet & _STATUS_REPORT_REQUEST),
        user_data=user_data,
        errors=tuple(reader.errors),
    )


def encode_submit(
    destination: str,
    text: str,
    *,
    reference: int = 0,
    validity: timedelta | None = None,
    status_report: bool = False,
    smsc: str | None = None,
) -> tuple[EncodedPdu, ...]:
    """A text to a number, in as many parts as it needs; ``reference`` (0-255) ties them together.

    TP-MR is 0: the modem puts its own and tells it in +CMGS. Without ``validity`` the centre decides how long it tries.

    Raises:
        UnencodableError: no such number, or a text longer than 255 parts.
    """
    encoding, parts = segment(text, reference)
    first_octet = _SUBMIT | (_STATUS_REPORT_REQUEST if status_report else 0)
    period = b""
    if validity is not None:
        first_octet |= _RELATIVE_VALIDITY << 3
        period = bytes((encode_validity(validity),))
    middle = encode_number(destination) + bytes((0x00, DCS_OF[encoding])) + period
    return tuple(
        EncodedPdu(
            encode_service_centre(smsc),
            bytes((first_octet | (_UDHI if header.elements else 0), 0x00))
            + middle
            + encode_user_data(encoding, header, body),
        )
        for header, body in parts
    )
