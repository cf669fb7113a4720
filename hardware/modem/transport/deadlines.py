"""How long each command may take, by its class."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A listed message is at most a header of 40 characters and a PDU of 2 * 176 (TS 23.040 9.2.2.1 and an SMSC address).
_LISTED_BYTES = 400
_BITS_PER_BYTE = 10  # 8N1


@dataclass(frozen=True, slots=True)
class Deadline:
    """`total_s`: the longest for the whole answer. `silence_s`: the longest without a single byte."""

    total_s: float
    silence_s: float


def _within(seconds: float) -> Deadline:
    return Deadline(seconds, seconds)


DEFAULT = _within(10)
PROBE = _within(3)
PROMPT = _within(10)

# What the modem knows by itself it answers at once, or not at all. (COPS=?, which searches, is not asked here.)
QUERY = _within(6)

# Makers' figures: Telit and Quectel give CMGD up to 25 s (flash), CFUN 15 s, COPS? 30 s, a search 180 s.
_BY_NAME = {
    "AT": PROBE,
    **dict.fromkeys(("AT+CMEE", "AT+CSQ", "AT+CIMI"), _within(6)),
    "AT+CMGS": _within(90),  # the network has 60 s, and some modems try twice
    "AT+CMGD": _within(25),
    "AT+CPMS": _within(20),
    "AT+CPIN": _within(20),
    "AT+CFUN": _within(30),
    "AT+COPS": _within(30),
}
_NAME = re.compile(r"AT(?:[+^*%$#&][A-Z0-9_]+)?", re.IGNORECASE)


def name_of(command: str) -> str:
    """Give the command without its values, which may hold a number or a PIN: safe to log."""
    match = _NAME.match(command)
    return match[0].upper() if match else "?"


def deadline_of(command: str) -> Deadline:
    """Give the time that a command of this class may take."""
    return QUERY if command.endswith("?") else _BY_NAME.get(name_of(command), DEFAULT)


def listing_deadline(count: int, baudrate: int) -> Deadline:
    """Give the time for AT+CMGL of `count` messages at `baudrate` bit/s, with as much again for a slow flash."""
    transfer_s = count * _LISTED_BYTES * _BITS_PER_BYTE / baudrate
    return Deadline(total_s=30 + 2 * transfer_s, silence_s=15)
