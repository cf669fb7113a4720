"""USSD, which tells a prepaid SIM's credit: AT+CUSD and what it brings (TS 27.007 7.15, TS 22.090)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from hardware.modem.pdu import packed_text
from hardware.modem.pdu.alphabet import encode
from hardware.modem.pdu.septets import pack

DEFAULT_CODING = 15  # default alphabet, language unspecified: TS 23.038 clause 5


class UssdStatus(IntEnum):
    """<m> of +CUSD."""

    DONE = 0
    ASKS = 1  # the network waits for a choice from its menu
    TERMINATED = 2
    OTHER_CLIENT = 3
    NOT_SUPPORTED = 4
    TIMED_OUT = 5


@dataclass(frozen=True, slots=True)
class UssdAnswer:
    """What the network said; `text` may have several lines, and is "" where it said nothing."""

    status: UssdStatus
    text: str


_CUSD = re.compile(r'\+CUSD\s*:\s*([0-5])\s*(?:,\s*(?:"(.*?)"?|([^",]*))\s*(?:,\s*([0-9]{1,3})?)?)?\s*', re.DOTALL)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_UCS2_HEX = re.compile(r"(?:[0-9A-Fa-f]{4})+")
_CODE = re.compile(r"[0-9*#]{1,32}")


def request(code: str, *, packed: bool) -> str:
    """Give the command that asks the network `code`. Raises ValueError for what no code can be."""
    septets = encode(code)
    if septets is None or not _CODE.fullmatch(code):
        raise ValueError("a USSD code is digits, * and #")
    # Seven spare bits at the end would read as @: TS 23.038 6.1.2.3.1 puts a carriage return there.
    shown = pack(septets + (b"\r" if len(septets) % 8 == 7 else b"")).hex().upper() if packed else code
    return f'AT+CUSD=1,"{shown}",{DEFAULT_CODING}'


def parse_cusd(text: str, *, packed: bool) -> UssdAnswer | None:
    """Read +CUSD, its further lines included; None for what is no answer. `packed` tells how this modem writes."""
    match = _CUSD.fullmatch(text)
    if match is None:
        return None
    shown = match[2] if match[2] is not None else match[3] or ""
    return UssdAnswer(UssdStatus(int(match[1])), _decoded(shown, int(match[4] or DEFAULT_CODING), packed=packed))


def _decoded(shown: str, coding: int, *, packed: bool) -> str:
    if _is_ucs2(coding) and _UCS2_HEX.fullmatch(shown):
        return bytes.fromhex(shown).decode("utf-16-be", "replace")
    if packed and _HEX.fullmatch(shown):
        return packed_text(bytes.fromhex(shown)).rstrip("@\r")
    # Some answer in hex of UCS-2 whatever the coding says; digits alone are never taken for it.
    if _UCS2_HEX.fullmatch(shown) and shown[:2] in {"00", "04", "06"} and len(shown) >= 8:
        return bytes.fromhex(shown).decode("utf-16-be", "replace")
    return shown


def _is_ucs2(coding: int) -> bool:
    """TS 23.038 clause 5: 0x11 is UCS-2 after a language, 0x48 and its relatives are of the general group."""
    return coding == 0x11 or (coding & 0xC0 == 0x40 and coding & 0x0C == 0x08)
