"""What AT+CMGL and AT+CMGR answer in PDU mode (TS 27.005 4.1, 4.2), read without losing what cannot be understood.

A message whose PDU line is odd, empty or no hexadecimal at all is listed with the text that stands there: it must reach
the caller all the same, or it would stay on the SIM for ever and take a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum


class MessageStatus(IntEnum):
    """<stat> of a stored message, TS 27.005 3.1."""

    REC_UNREAD = 0
    REC_READ = 1
    STO_UNSENT = 2
    STO_SENT = 3


@dataclass(frozen=True, slots=True)
class StoredPdu:
    """One stored message as it lies in the modem. `pdu_hex` is what the modem gave, hexadecimal or not."""

    memory: str
    index: int
    status: MessageStatus
    pdu_hex: str

    @property
    def received(self) -> bool:
        """Whether it came from the network, and is no draft or copy of a sent one."""
        return self.status in (MessageStatus.REC_UNREAD, MessageStatus.REC_READ)


_CMGL = re.compile(r'\+CMGL\s*:\s*([0-9]{1,5})\s*,\s*"?([^,"]*)')
_CMGR = re.compile(r'\+CMGR\s*:\s*"?([^,"]*)')
_HEX = re.compile(r"[0-9A-Fa-f]+")


def parse_cmgl(memory: str, lines: Iterable[str]) -> list[StoredPdu]:
    """Give every entry of a listing, each with the lines that follow its header."""
    entries: list[tuple[re.Match[str], list[str]]] = []
    for line in lines:
        match = _CMGL.match(line)
        if match:
            entries.append((match, []))
        elif entries:
            entries[-1][1].append(line)
    return [StoredPdu(memory, int(head[1]), _status(head[2]), _pdu(body)) for head, body in entries]


def parse_cmgr(memory: str, index: int, lines: Iterable[str]) -> Iterator[StoredPdu]:
    """Give the one message that was read, or nothing when the place is empty."""
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in lines:
        match = _CMGR.match(line)
        if match:
            head = match
        elif head:
            body.append(line)
    if head:
        yield StoredPdu(memory, index, _status(head[1]), _pdu(body))


def _status(text: str) -> MessageStatus:
    """What no table knows counts as received: a message too many does less harm than one too few."""
    number = text.strip()
    known = number in {"0", "1", "2", "3"}
    return MessageStatus(int(number)) if known else MessageStatus.REC_UNREAD


def _pdu(body: list[str]) -> str:
    """Codes of unknown makers that came between header and PDU are no hexadecimal, and are passed over."""
    hexadecimal = [line for line in body if _HEX.fullmatch(line)]
    return "".join(hexadecimal) or " ".join(body)
