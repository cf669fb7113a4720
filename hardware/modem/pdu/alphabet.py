"""The GSM 7-bit alphabet and its national variants: septets to characters and back (TS 23.038 clause 6.2)."""

from dataclasses import dataclass
from types import MappingProxyType

from hardware.modem.pdu.locking_shift import DEFAULT, LOCKING_SHIFT
from hardware.modem.pdu.septets import unpack
from hardware.modem.pdu.single_shift import EXTENSION, SINGLE_SHIFT

ESCAPE = 0x1B  # TS 23.038 clause 6.2.1
_UNDEFINED = "\ufffd"

# Spanish shifts single characters only: TS 23.038 annex A.3.2 is void.
_SPANISH = 2

_SEPTETS = MappingProxyType(
    {character: bytes((ESCAPE, septet)) for septet, character in enumerate(EXTENSION) if character not in " \ufffd"}
    | {character: bytes((septet,)) for septet, character in enumerate(DEFAULT) if septet != ESCAPE}
)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Which tables the septets of one message mean (national language identifiers, 0 is the default)."""

    locking: int = 0
    single: int = 0

    def decode(self, septets: bytes) -> str:
        """The text. An escape at the very end shows nothing: what it was to shift is missing."""
        locking = LOCKING_SHIFT.get(self.locking, DEFAULT)
        head, *shifted = septets.split(bytes((ESCAPE,)))
        text = [_plain(head, locking)]
        single = SINGLE_SHIFT.get(self.single, EXTENSION)
        runs = iter(shifted)
        for run in runs:
            if run:
                text += _shift(run[0], single, locking), _plain(run[1:], locking)
            elif (after := next(runs, None)) is not None:
                # Two escapes: kept for a further table, "shall display a space" until there is one (6.2.1.1).
                text += " ", _plain(after, locking)
        return "".join(text)


def knows_locking(identifier: int) -> bool:
    """Whether a locking shift identifier is assigned (TS 23.038 clause 6.2.1.2.4)."""
    return identifier in LOCKING_SHIFT or identifier == _SPANISH


def knows_single(identifier: int) -> bool:
    """Whether a single shift identifier is assigned (TS 23.038 clause 6.2.1.2.4)."""
    return identifier in SINGLE_SHIFT


def encode_character(character: str) -> bytes | None:
    """Its one or two septets in the default alphabet, or None if it has none there."""
    return _SEPTETS.get(character)


def encode(text: str) -> bytes | None:
    """The septets of a text in the default alphabet, or None if one character is not in it."""
    septets = bytearray()
    for character in text:
        if (code := encode_character(character)) is None:
            return None
        septets += code
    return bytes(septets)


def packed_text(octets: bytes) -> str:
    """Default-alphabet text packed into octets whose septet count nobody tells: USSD answers, AML data messages.

    When the count is a multiple of 8 short by one, 7 spare bits read as a last ``@``: the caller's own length field or
    the padding rule of TS 23.038 clause 6.1.2.3 decides whether it is meant.
    """
    return Alphabet().decode(unpack(octets, len(octets) * 8 // 7))


def _plain(septets: bytes, table: str) -> str:
    return "".join([table[septet] for septet in septets])


def _shift(septet: int, single: str, locking: str) -> str:
    shifted = single[septet]
    return locking[septet] if shifted == _UNDEFINED else shifted
