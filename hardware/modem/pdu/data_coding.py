"""TP-Data-Coding-Scheme: how the user data is written (TS 23.038 clause 4)."""

from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How user data is written."""

    GSM7 = "gsm-7"
    OCTETS = "8-bit"
    UCS2 = "ucs-2"


# Bits 3 and 2 of the general groups. 11 is reserved, and whatever is reserved "shall be assumed to be the GSM 7 bit
# default alphabet".
_GENERAL = (Encoding.GSM7, Encoding.OCTETS, Encoding.UCS2, Encoding.GSM7)

# The octets that the encoders of this package write: general group, no class, not compressed.
DCS_OF = {Encoding.GSM7: 0x00, Encoding.OCTETS: 0x04, Encoding.UCS2: 0x08}


@dataclass(frozen=True, slots=True)
class DataCoding:
    """What one TP-DCS octet says about the user data."""

    encoding: Encoding
    compressed: bool = False
    reserved: bool = False

    @classmethod
    def from_octet(cls, dcs: int) -> "DataCoding":
        """Any octet has a meaning; a reserved one means the default alphabet."""
        group = dcs >> 4
        if group < 0x8:  # 00xx general data coding, 01xx the same with automatic deletion
            alphabet = dcs >> 2 & 0x3
            return cls(_GENERAL[alphabet], compressed=bool(dcs & 0x20), reserved=alphabet == 0x3)
        if group < 0xC:  # 1000..1011 reserved coding groups
            return cls(Encoding.GSM7, reserved=True)
        if group == 0xE:  # message waiting, store, UCS-2; 1100 and 1101 are the same in the default alphabet
            return cls(Encoding.UCS2)
        if group == 0xF and dcs & 0x4:  # data coding / message class; bit 3 is reserved and ignored (seen: 0xFB)
            return cls(Encoding.OCTETS)
        return cls(Encoding.GSM7)
