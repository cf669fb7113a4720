"""The network around the modem: takes what is sent, holds what cannot be delivered yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hardware.modem.pdu import Message, MessageType, decode, encode_deliver, encode_status_report
from hardware.modem.simulator.replies import CmsError

INVALID_PDU = 304  # TS 27.005 3.2.5
DELIVERED = 0x00  # TP-Status: received by the recipient (TS 23.040 9.2.3.15)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One PDU that the modem sent: to whom, its text (None for data), and what identifies it."""

    number: str
    text: str | None
    pdu: str
    reference: int
    sent_at: datetime


class Network:
    """The far side. PDUs are hexadecimal text, SMSC field first; what goes to `own_number` comes back."""

    def __init__(self, now: Callable[[], datetime], own_number: str = "") -> None:
        self._now = now
        self._own_number = own_number
        self._reference = 0
        self.sent: list[SentMessage] = []
        self.waiting: deque[str] = deque()
        self.reports: deque[str] = deque()
        self.told_full = False

    def take(self, pdu: str, tpdu_length: int) -> int:
        """Take a SUBMIT and give its reference. Raises CmsError for what is none, or not of that length."""
        message = _submit(pdu, tpdu_length)
        self._reference = (self._reference + 1) % 256  # TP-MR is one octet, TS 23.040 9.2.3.6
        sent = SentMessage(message.number or "", message.text, pdu, self._reference, self._now())
        self.sent.append(sent)
        if message.wants_report:
            report = encode_status_report(sent.number, sent.reference, sent.sent_at, self._now(), DELIVERED)
            self.reports.append(report.hex)
        if sent.number == self._own_number and sent.text is not None:
            self.waiting.extend(part.hex for part in encode_deliver(sent.number, sent.text, sent.sent_at))
        return sent.reference


def _submit(pdu: str, tpdu_length: int) -> Message:
    try:
        octets = bytes.fromhex(pdu)
    except ValueError:
        raise CmsError(INVALID_PDU) from None
    message = decode(octets, sent=True)
    # The SMSC field is one octet of length and as many octets.
    wrong_length = not octets or len(octets) - 1 - octets[0] != tpdu_length
    if wrong_length or message.type is not MessageType.SUBMIT:
        raise CmsError(INVALID_PDU)
    return message
