"""Any PDU, or what should have been one, to a ``Message``. Nothing here raises."""

from collections.abc import Callable
from dataclasses import replace

from hardware.modem.pdu.address import read_service_centre
from hardware.modem.pdu.deliver import read_deliver
from hardware.modem.pdu.errors import Fault
from hardware.modem.pdu.message import Message, MessageType
from hardware.modem.pdu.reader import Reader
from hardware.modem.pdu.status_report import read_status_report
from hardware.modem.pdu.submit import read_submit

_ReadTpdu = Callable[[bytes, str | None, int, Reader], Message]

# TP-Message-Type-Indicator, TS 23.040 clause 9.2.3.1. A modem lists what it stored of ours beside what it received,
# and never the reports and commands that the other numbers are in the other direction: so what is readable counts.
# 3 is reserved; a receiver takes it for a DELIVER.
_READERS: tuple[_ReadTpdu, ...] = (read_deliver, read_submit, read_status_report, read_deliver)
_SENT_NAMES = ("SMS-DELIVER-REPORT", "SMS-SUBMIT", "SMS-COMMAND")
_SUBMIT = 1
_RESERVED = 3

# A modem that hands out the whole SIM record (TS 51.011 clause 10.5.3) fills it up with these.
_PADDING = b"\xff\x00"


def decode(pdu: str | bytes, *, sent: bool = False) -> Message:
    """Reads a PDU that begins with the SMSC, as +CMGL gives it: hex as ``str``, or its octets.

    ``sent`` says that it goes from us to the network: then all but a SUBMIT gets an entry in ``errors``.
    """
    if isinstance(pdu, bytes):
        return _decode_octets(pdu, sent)
    hexadecimal = "".join(pdu.split())
    if (octets := _from_hex(hexadecimal)) is not None:
        return _decode_octets(octets, sent)
    return _unknown(pdu.encode("utf-8", "surrogatepass"), *_what_is_wrong(hexadecimal))


def _decode_octets(raw: bytes, sent: bool) -> Message:
    if not raw:
        return _unknown(raw, Fault.EMPTY, "there is no PDU")
    reader = Reader(raw)
    smsc = read_service_centre(reader)
    first_octet = reader.octet("first octet")
    if reader.truncated:
        return replace(_unknown(raw), errors=tuple(reader.errors))
    kind = first_octet & 0x3
    if kind == _RESERVED:
        reader.note(Fault.RESERVED_TYPE, "type 3 is read as SMS-DELIVER")
    elif sent and kind != _SUBMIT:
        reader.note(Fault.WRONG_DIRECTION, f"type {kind} from us is {_SENT_NAMES[kind]}, read as if it came to us")
    message = _READERS[kind](raw, smsc, first_octet, reader)
    return _without_rest(message, reader.rest())


def _without_rest(message: Message, rest: bytes) -> Message:
    if message.type is MessageType.UNKNOWN or not rest.strip(_PADDING):
        return message
    return replace(message, errors=(*message.errors, Fault.TRAILING.entry(f"{len(rest)} octets after the message")))


def _from_hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _what_is_wrong(text: str) -> tuple[Fault, str]:
    for at, character in enumerate(text):
        if character not in "0123456789abcdefABCDEF":
            return Fault.NOT_HEX, f"character {at + 1} is {character!a}"
    # One digit was lost somewhere, perhaps in the middle: all behind it would be read wrong.
    return Fault.ODD_HEX, f"{len(text)} hex digits make no whole octets"


def _unknown(raw: bytes, *fault_and_detail: str) -> Message:
    errors = (": ".join(fault_and_detail),) if fault_and_detail else ()
    return Message(type=MessageType.UNKNOWN, raw=raw, errors=errors)
