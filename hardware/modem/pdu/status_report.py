"""SMS-STATUS-REPORT: what became of a message from us (TS 23.040 clause 9.2.2.3)."""

from datetime import datetime

from hardware.modem.pdu.address import encode_number, encode_service_centre, read_address
from hardware.modem.pdu.encoded import EncodedPdu
from hardware.modem.pdu.message import Message, MessageType
from hardware.modem.pdu.reader import Reader
from hardware.modem.pdu.timestamp import OCTETS, encode_timestamp, read_timestamp
from hardware.modem.pdu.user_data import UserData, read_user_data

_STATUS_REPORT = 0x02
_NO_MORE_MESSAGES = 0x04
_UDHI = 0x40

# TP-Parameter-Indicator, clause 9.2.3.27
_HAS_PID = 0x01
_HAS_DCS = 0x02
_HAS_USER_DATA = 0x04
_EXTENSION = 0x80

# A SIM record without the optional fields goes on with these (TS 51.011 clause 10.5.3).
_PADDING = 0xFF


def read_status_report(raw: bytes, smsc: str | None, first_octet: int, reader: Reader) -> Message:
    """Reads from TP-MR on; the optional fields at its end may be missing."""
    reference = reader.octet("TP-MR")
    recipient = read_address(reader, "TP-RA")
    stamp = reader.take(OCTETS, "TP-SCTS")
    time = read_timestamp(stamp, "TP-SCTS", reader)
    discharged_at = read_timestamp(reader.take(OCTETS, "TP-DT"), "TP-DT", reader)
    status = reader.octet("TP-ST")
    readable = not reader.truncated
    user_data = _read_parameters(reader, first_octet) if readable else None
    return Message(
        type=MessageType.STATUS_REPORT if readable else MessageType.UNKNOWN,
        raw=raw,
        smsc=smsc,
        address=recipient,
        time=time,
        timestamp=stamp,
        reference=reference,
        status=status if readable else None,
        discharged_at=discharged_at,
        user_data=user_data,
        errors=tuple(reader.errors),
    )


def encode_status_report(
    recipient: str,
    reference: int,
    sent_at: datetime,
    discharged_at: datetime,
    status: int,
    *,
    smsc: str | None = None,
) -> EncodedPdu:
    """What the centre says about the message with TP-MR ``reference`` (0-255).

    Raises:
        UnencodableError: no such number, or a naive time.
    """
    return EncodedPdu(
        encode_service_centre(smsc),
        bytes((_STATUS_REPORT | _NO_MORE_MESSAGES, reference))
        + encode_number(recipient)
        + encode_timestamp(sent_at)
        + encode_timestamp(discharged_at)
        + bytes((status,)),
    )


def _read_parameters(reader: Reader, first_octet: int) -> UserData | None:
    if reader.at_end:
        return None
    indicator = octet = reader.octet("TP-PI")
    if indicator == _PADDING:
        return None
    while octet & _EXTENSION and not reader.at_end:
        octet = reader.octet("TP-PI extension")
    if indicator & _HAS_PID:
        reader.octet("TP-PID")
    dcs = reader.octet("TP-DCS") if indicator & _HAS_DCS else 0x00
    if not indicator & _HAS_USER_DATA:
        return None
    return read_user_data(reader, dcs, has_header=bool(first_octet & _UDHI))
