"""What AT+CPIN? says about the SIM (TS 27.007 8.3, error codes in 9.2)."""

from __future__ import annotations

from enum import Enum, auto

from hardware.modem.at.events import Answer
from hardware.modem.at.results import Kind


class SimState(Enum):
    """Whether the SIM can be used, and if not why."""

    READY = auto()
    PIN = auto()
    PUK = auto()
    MISSING = auto()
    BUSY = auto()
    FAILED = auto()
    LOCKED = auto()  # to another phone or network


_TEXTS = {
    "READY": SimState.READY,
    "SIM PIN": SimState.PIN,
    "SIM PUK": SimState.PUK,
    "SIM PIN2": SimState.READY,  # asked for by functions that nobody uses here; messages pass
    "SIM PUK2": SimState.READY,
    "NOT READY": SimState.MISSING,  # SIMCom
    "NOT INSERTED": SimState.MISSING,
}

_CME = {
    10: SimState.MISSING,
    11: SimState.PIN,
    12: SimState.PUK,
    13: SimState.FAILED,
    14: SimState.BUSY,
    15: SimState.FAILED,
}

_CMS = {
    310: SimState.MISSING,
    311: SimState.PIN,
    313: SimState.FAILED,
    314: SimState.BUSY,
    315: SimState.FAILED,
    316: SimState.PUK,
}


def sim_state(answer: Answer) -> SimState:
    """Read the answer to AT+CPIN?. A modem that does not know the command is taken to have a usable SIM."""
    for line in answer.lines:
        if line.startswith("+CPIN"):
            return _TEXTS.get(line.partition(":")[2].strip().upper(), SimState.LOCKED)
    codes = {Kind.CME: _CME, Kind.CMS: _CMS}.get(answer.final.kind, {})
    return codes.get(answer.final.code or 0, SimState.READY)
