"""Unsolicited result codes: the lines a modem says without being asked.

Only what is in the table can be told from a line of the running command's answer. An unknown line in the middle of an
answer stays in the answer, where the parsers look for their own prefix and pass over the rest.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class Body(Enum):
    """Whether a second line belongs to the code."""

    NONE = auto()
    ALWAYS = auto()
    IF_PDU_HEADER = auto()  # +CDS: <length> announces a PDU, +CDS: <fo>,<mr>,… is complete (TS 27.005 3.4.1)


_BODIES = {
    "+CMT": Body.ALWAYS,  # TS 27.005 3.4.1
    "+CBM": Body.ALWAYS,
    "+CDS": Body.IF_PDU_HEADER,
}

_CODES = frozenset(
    {
        # TS 27.005 3.4.1: messages, status reports, cell broadcasts
        *_BODIES,
        "+CMTI",
        "+CDSI",
        "+CBMI",
        # TS 27.007: registration (7.2, 10.1), calls (6.11, 7.6, 7.11), USSD (7.15), indicators (8.10), time (8.41)
        *("+CREG", "+CGREG", "+CEREG", "+C5GREG", "+CGEV"),
        *("+CRING", "+CLIP", "+CCWA", "+CCWV", "+COLP", "+CSSI", "+CSSU", "+CUSD"),
        *("+CIEV", "+CTZV", "+CTZE", "+CTZDST", "+CTZEU", "+CPIN", "+CFUN"),
        # Huawei
        *(
            "^RSSI",
            "^HCSQ",
            "^CSQ",
            "^MODE",
            "^BOOT",
            "^SRVST",
            "^SIMST",
            "^STIN",
            "^SMMEMFULL",
            "^DSFLOWRPT",
            "^LWURC",
        ),
        *("^ORIG", "^CONF", "^CONN", "^CEND", "^NDISSTAT", "^NWTIME", "^SYSSTART", "^EONS", "^THERM", "^PLMN", "^CSNR"),
        # ZTE, Wavecom, Quectel, SIMCom
        *("+ZUSIMR", "+ZDONR", "+ZPASR", "+ZEND", "+ZPSTM", "+ZSMF", "+WIND", "+QIND", "+QUSIM", "*PSUTTZ", "DST"),
        "#QSS",  # Telit
    }
)

_PLAIN = frozenset(
    {
        *("RING", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"),
        *("RDY", "PB DONE", "PBREADY", "Call Ready", "SMS Ready", "SMS DONE", "NORMAL POWER DOWN"),
        *("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE WARNNING", "OVER-VOLTAGE POWER DOWN"),
    }
)

# After one of these every setting and the selected memory are what they are after power-on. +ZUSIMR is none of them,
# though it tells of the SIM: ZTE's modems say it many times a second.
_REBOOTS = frozenset({"RDY", "^SYSSTART", "Call Ready", "SMS Ready", "SMS DONE", "^SIMST", "+CPIN"})
# Quectel, Wavecom, Telit: the SIM has been read, so that its messages can be used from now on.
_LOADED = frozenset({"+QIND:SMSDONE", "+WIND:4", "#QSS:3"})

# What only the command of that name is answered with: seen in another's answer, the two are out of step.
_ANSWERS_ONLY = frozenset({"+CMGL", "+CMGR", "+CMGS", "+CMGW", "+CPMS", "+CNMI", "+CSCA", "+CSQ"})

_NAME = re.compile(r"([+^*#][A-Z0-9]+|DST)\s*:")


def prefix(line: str) -> str:
    """Give the name before the colon of ``+CMTI: "SM",3``, or an empty text."""
    match = _NAME.match(line)
    return match[1] if match else ""


def code_of(line: str) -> str:
    """Give the name of the unsolicited code that `line` is, or an empty text."""
    name = prefix(line)
    if name in _CODES:
        return name
    return line if line in _PLAIN else ""


def is_answer(name: str) -> bool:
    """Whether lines of that prefix come only when asked for."""
    return name in _ANSWERS_ONLY


def has_body(line: str) -> bool:
    """Whether the next line belongs to this one."""
    body = _BODIES.get(prefix(line), Body.NONE)
    if body is Body.IF_PDU_HEADER:
        return re.fullmatch(r"[0-9]+", line.partition(":")[2].strip()) is not None
    return body is Body.ALWAYS


def has_open_text(line: str) -> bool:
    """Whether a text begins here that a later line ends: what the network says by USSD has line ends in it."""
    return prefix(line) == "+CUSD" and line.count('"') % 2 == 1


def tells_reboot(line: str) -> bool:
    """Whether a modem says this when it, or its SIM, has just started."""
    return code_of(line) in _REBOOTS or line.replace(" ", "") in _LOADED
