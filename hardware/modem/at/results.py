"""Final result codes: the line that ends a modem's answer.

A line ends an answer only when the whole line is one of these; ``OK thanks`` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What sort of final result it was."""

    OK = "OK"
    ERROR = "ERROR"
    CME = "+CME ERROR"  # equipment error, TS 27.007 9.2
    CMS = "+CMS ERROR"  # message service failure, TS 27.005 3.2.5
    CALL_ENDED = "NO CARRIER"  # and its relatives, V.250 6.3


@dataclass(frozen=True, slots=True)
class Final:
    """One final result: its kind, its number where it has one, and the line as it came."""

    kind: Kind
    code: int | None
    text: str

    @property
    def ok(self) -> bool:
        """Whether the modem did what it was asked."""
        return self.kind is Kind.OK


# Refusals outside the standards: COMMAND NOT SUPPORT and TOO MANY PARAMETERS are Huawei's, ABORTED is SIMCom's.
_REFUSALS = frozenset({"ERROR", "COMMAND NOT SUPPORT", "COMMAND NOT SUPPORTED", "TOO MANY PARAMETERS", "ABORTED"})

# V.250 6.3: these end a dial command; while any other command runs they are news about somebody's call.
CALL_RESULTS = frozenset({"NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "CONNECT"})

_NUMBERED = re.compile(r"\+CM([ES]) ERROR\s*:\s*(.*)", re.IGNORECASE)

# TS 27.007 9.2: the texts that +CMEE=2 gives in place of numbers.
_CME_TEXTS = {
    "operation not allowed": 3,
    "operation not supported": 4,
    "sim not inserted": 10,
    "sim pin required": 11,
    "sim puk required": 12,
    "sim failure": 13,
    "sim busy": 14,
    "sim wrong": 15,
    "incorrect password": 16,
    "sim pin2 required": 17,
    "sim puk2 required": 18,
    "memory full": 20,
    "invalid index": 21,
    "not found": 22,
    "no network service": 30,
    "network timeout": 31,
    "unknown": 100,
}

# TS 27.005 3.2.5, the same for +CMS ERROR.
_CMS_TEXTS = {
    "operation not allowed": 302,
    "operation not supported": 303,
    "invalid pdu mode parameter": 304,
    "sim not inserted": 310,
    "sim pin required": 311,
    "sim failure": 313,
    "sim busy": 314,
    "sim wrong": 315,
    "sim puk required": 316,
    "memory failure": 320,
    "invalid memory index": 321,
    "memory full": 322,
    "smsc address unknown": 330,
    "no network service": 331,
    "network timeout": 332,
    "unknown error": 500,
}


def parse_final(line: str, *, dialling: bool = False) -> Final | None:
    """Give the final result that `line` is, or None for any other line.

    `dialling` tells that the running command is one that NO CARRIER and its relatives may end.
    """
    if line == "OK":
        return Final(Kind.OK, None, line)
    if line in _REFUSALS:
        return Final(Kind.ERROR, None, line)
    if dialling and line in CALL_RESULTS:
        return Final(Kind.CALL_ENDED, None, line)
    match = _NUMBERED.fullmatch(line)
    return _numbered(match) if match else None


def _numbered(match: re.Match[str]) -> Final:
    kind = Kind.CME if match[1].upper() == "E" else Kind.CMS
    detail = match[2].strip()
    texts = _CME_TEXTS if kind is Kind.CME else _CMS_TEXTS
    # Longer numbers are noise, and would only make int() work for nothing.
    code = int(detail) if re.fullmatch(r"[0-9]{1,5}", detail) else texts.get(detail.lower())
    return Final(kind, code, match[0])
