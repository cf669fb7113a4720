"""A text cut into the parts of one concatenated message (TS 23.040 clause 9.2.3.24.1)."""

from collections.abc import Iterable, Iterator

from hardware.modem.pdu import alphabet, septets
from hardware.modem.pdu.data_coding import Encoding
from hardware.modem.pdu.errors import UnencodableError
from hardware.modem.pdu.header import Concat, UserDataHeader, header_of
from hardware.modem.pdu.user_data import MAX_OCTETS

_MAX_PARTS = 255
_CONCAT_HEADER = len(header_of(Concat(0, 1, 1)).to_bytes())

# What one message holds, alone and as a part: 160 and 153 septets, 140 and 134 octets.
_WHOLE = {Encoding.GSM7: MAX_OCTETS * 8 // 7, Encoding.UCS2: MAX_OCTETS}
_PART = {
    Encoding.GSM7: MAX_OCTETS * 8 // 7 - septets.septets_for(_CONCAT_HEADER),
    Encoding.UCS2: MAX_OCTETS - _CONCAT_HEADER,
}


def segment(text: str, reference: int) -> tuple[Encoding, tuple[tuple[UserDataHeader, bytes], ...]]:
    """Header and body of each part: GSM 7-bit if every character is in it, else UCS-2.

    No part ends inside a character: not after an escape, not within a surrogate pair.

    Raises:
        UnencodableError: more than 255 parts, or a reference outside 0-255.
    """
    encoding, characters = _encode(text)
    whole = b"".join(characters)
    if len(whole) <= _WHOLE[encoding]:
        return encoding, ((UserDataHeader(), whole),)
    bodies = tuple(_fill(characters, _PART[encoding]))
    if len(bodies) > _MAX_PARTS:
        raise UnencodableError(f"a text of {len(bodies)} parts fits no SMS: at most {_MAX_PARTS}")
    if not 0 <= reference <= 0xFF:
        raise UnencodableError(f"{reference} is no concatenation reference: write 0 to 255")
    headers = (header_of(Concat(reference, len(bodies), seq)) for seq in range(1, len(bodies) + 1))
    return encoding, tuple(zip(headers, bodies, strict=True))


def fits_one_sms(text: str) -> bool:
    """Whether a text is written in the GSM alphabet and needs no second message."""
    encoding, characters = _encode(text)
    return encoding is Encoding.GSM7 and sum(map(len, characters)) <= _WHOLE[encoding]


def _encode(text: str) -> tuple[Encoding, list[bytes]]:
    codes = [alphabet.encode_character(character) for character in text]
    if None not in codes:
        return Encoding.GSM7, [code for code in codes if code is not None]
    # Two lone surrogates that make a pair become one character; one that makes none becomes U+FFFD.
    clean = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    return Encoding.UCS2, [character.encode("utf-16-be") for character in clean]


def _fill(characters: Iterable[bytes], room: int) -> Iterator[bytes]:
    body = bytearray()
    for character in characters:
        if len(body) + len(character) > room:
            yield bytes(body)
            body.clear()
        body += character
    yield bytes(body)
