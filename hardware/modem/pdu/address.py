"""Phone numbers and names as an SMS carries them (TS 23.040 clause 9.1.2.5, SMSC: TS 24.011 clause 8.2.5)."""

import re
from dataclasses import dataclass
from enum import IntEnum

from hardware.modem.pdu import alphabet, septets
from hardware.modem.pdu.errors import Fault, UnencodableError
from hardware.modem.pdu.reader import Reader

_DIGITS = "0123456789*#abc"  # TS 23.040 clause 9.1.2.3; 1111 is the end mark
_DIALLABLE = re.compile(r"(\+)?([0-9*#]{1,20})", re.ASCII)
_MAX_SEMI_OCTETS = 20  # TS 23.040 clause 9.1.2.5: at most 12 octets, length and type among them
_MAX_NAME = 11  # septets that fit
_INTERNATIONAL_ISDN = 0x91
_UNKNOWN_ISDN = 0x81
_ALPHANUMERIC = 0xD0


class TypeOfNumber(IntEnum):
    """Bits 6..4 of the type-of-address octet (TS 23.040 clause 9.1.2.5)."""

    UNKNOWN = 0
    INTERNATIONAL = 1
    NATIONAL = 2
    NETWORK_SPECIFIC = 3
    SUBSCRIBER = 4
    ALPHANUMERIC = 5
    ABBREVIATED = 6
    RESERVED = 7


@dataclass(frozen=True, slots=True)
class Address:
    """``number`` has a + if it is international and else stands as it came; ``octets`` are length, type and value."""

    number: str
    type_of_number: TypeOfNumber
    octets: bytes


def read_address(reader: Reader, field: str) -> Address | None:
    """The address that comes next, or None if the PDU ends inside it."""
    length = reader.octet(f"{field} length")
    type_of_address = reader.octet(f"{field} type")
    value = reader.take((length + 1) // 2, field)
    if reader.truncated:
        return None
    if length > _MAX_SEMI_OCTETS:
        reader.note(Fault.BAD_ADDRESS, f"{field} has {length} digits, at most {_MAX_SEMI_OCTETS} fit")
    # Bit 7 should be 1 and the numbering plan (bits 3..0) known; both are ignored, since real networks get them wrong.
    type_of_number = TypeOfNumber(type_of_address >> 4 & 0x7)
    if type_of_number is TypeOfNumber.ALPHANUMERIC:
        number = _name(value, length)
    else:
        number = _number(value, length, type_of_number)
        if len(number.removeprefix("+")) < length:
            reader.note(Fault.BAD_ADDRESS, f"{field} ends before its {length} digits")
    return Address(number, type_of_number, bytes((length, type_of_address)) + value)


def read_service_centre(reader: Reader) -> str | None:
    """The SMSC number in front of the TPDU, or None if the modem left it out."""
    length = reader.octet("SMSC length")
    octets = reader.take(length, "SMSC")
    if len(octets) < 2:
        return None
    return _number(octets[1:], 2 * len(octets[1:]), TypeOfNumber(octets[0] >> 4 & 0x7)) or None


def encode_number(number: str) -> bytes:
    """Length, type and digits of ``+62...`` (international) or of a short or national number.

    Raises:
        UnencodableError: it is not a + and/or 1 to 20 of ``0-9 * #``.
    """
    if (match := _DIALLABLE.fullmatch(number)) is None:
        raise UnencodableError(f"{number!r} is no number for an SMS: write +628..., 0812... or a short code")
    digits = match[2]
    return bytes((len(digits), _type_of_address(match[1]))) + _semi_octets(digits)


def encode_originator(sender: str) -> bytes:
    """As ``encode_number``; what is no number becomes an alphanumeric sender.

    Raises:
        UnencodableError: a name longer than 11 septets or with characters outside the GSM alphabet.
    """
    if _DIALLABLE.fullmatch(sender):
        return encode_number(sender)
    code = alphabet.encode(sender)
    if code is None or len(code) > _MAX_NAME:
        raise UnencodableError(f"{sender!r} is no sender name: at most 11 characters of the GSM alphabet")
    semi_octets = (7 * len(code) + 3) // 4
    return bytes((semi_octets, _ALPHANUMERIC)) + septets.pack(code)


def encode_service_centre(number: str | None) -> bytes:
    """The SMSC field: one zero octet when the modem is to use its own (+CSCA)."""
    if number is None:
        return b"\x00"
    _, type_of_address, *digits = encode_number(number)
    return bytes((1 + len(digits), type_of_address, *digits))


def _type_of_address(plus: str | None) -> int:
    return _INTERNATIONAL_ISDN if plus else _UNKNOWN_ISDN


def _semi_octets(digits: str) -> bytes:
    nibbles = [_DIGITS.index(digit) for digit in digits] + [0xF] * (len(digits) % 2)
    return bytes(high << 4 | low for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))


def _number(value: bytes, length: int, type_of_number: TypeOfNumber) -> str:
    nibbles = [nibble for octet in value for nibble in (octet & 0xF, octet >> 4)][:length]
    if 0xF in nibbles:
        nibbles = nibbles[: nibbles.index(0xF)]
    digits = "".join([_DIGITS[nibble] for nibble in nibbles])
    return f"+{digits}" if type_of_number is TypeOfNumber.INTERNATIONAL and digits else digits


def _name(value: bytes, length: int) -> str:
    code = septets.unpack(value, length * 4 // 7)
    # Some centres round the length of a 7-character name up to whole octets: the 7 spare bits would read as "@".
    if len(code) == 8 and code[-1] == 0:
        code = code[:-1]
    return alphabet.Alphabet().decode(code)
