"""Handing a message to the network: AT+CMGS in PDU mode (TS 27.005 4.3)."""

from __future__ import annotations

import re

from hardware.modem.at.events import Answer
from hardware.modem.decisions import decide
from hardware.modem.errors import ModemSilentError, PortLostError, RefusedError, SendUnknownError
from hardware.modem.transport.link import Link
from hardware.modem.transport.session import Session

UNKNOWN_REFERENCE = -1  # the modem told none; no status report ever has it, since TP-MR is 0 to 255

_PDU = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_REFERENCE = re.compile(r"\+CMGS\s*:\s*([0-9]{1,3})")


def send(session: Session, pdu_hex: str, tpdu_length: int) -> int:
    """Send one PDU, SMSC field first; `tpdu_length` counts the octets after that field. Gives its TP-MR.

    Raises RefusedError with the decision that the network's cause asks for; ModemSilentError and PortLostError when it
    surely was not sent; SendUnknownError when it may have been; ValueError for what is no PDU.
    """
    if not _PDU.fullmatch(pdu_hex):
        raise ValueError("a PDU is an even number of hexadecimal digits")
    with session.transaction() as link:
        # In text mode, where a modem is after a restart, the length would be a recipient and the PDU its text.
        mode = link.ask("AT+CMGF=0")
        if not mode.ok:
            raise RefusedError("AT+CMGF=0", mode.final, decide(mode.final))
        answer = link.ask_for_prompt(f"AT+CMGS={tpdu_length}") or _hand_over(link, pdu_hex)
    if not answer.ok:
        raise RefusedError("AT+CMGS", answer.final, decide(answer.final))
    return _reference(answer)


def _hand_over(link: Link, pdu_hex: str) -> Answer:
    try:
        return link.send_body("AT+CMGS", pdu_hex)
    except (ModemSilentError, PortLostError) as error:
        raise SendUnknownError(f"it may have been sent: {error}") from error


def _reference(answer: Answer) -> int:
    for line in answer.lines:
        match = _REFERENCE.match(line)
        if match:
            return int(match[1])
    return UNKNOWN_REFERENCE
