"""USSD: a code goes to the network, its answer comes by itself a little later (TS 27.007 7.15)."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.modem.pdu import packed_text
from hardware.modem.pdu.alphabet import encode
from hardware.modem.pdu.septets import pack
from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.general import DONE, Handler
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import PlainError, Reply

BALANCE = {"*888#": "Sisa pulsa Anda Rp25.000.\nAktif s.d. 31.12.2026"}

# <m> of +CUSD
DONE_WITH, NOT_SUPPORTED = 0, 4
# Cell broadcast data coding scheme, TS 23.038 clause 5: default alphabet, UCS-2
GSM7, UCS2 = 15, 72


def _cusd(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(("+CUSD: (0-2)",))
    if command.form is Form.READ:
        return Reply((f"+CUSD: {int(phone.settings.tells_ussd)}",))
    phone.card.require_ready()
    if command.value(0) not in {"0", "1", "2"}:
        raise PlainError
    phone.settings.tells_ussd = command.value(0) == "1"
    if command.value(1):
        phone.codes.append(_answer(phone, _code(phone, command.value(1))))
    return DONE


def _code(phone: Phone, given: str) -> str:
    if not phone.personality.packed_ussd:
        return given
    try:
        return packed_text(bytes.fromhex(given)).rstrip("@\r")
    except ValueError:
        raise PlainError from None


def _answer(phone: Phone, code: str) -> str:
    text = phone.ussd.get(code)
    if text is None:
        return f"+CUSD: {NOT_SUPPORTED}"
    septets = encode(text)
    if septets is None:
        return f'+CUSD: {DONE_WITH},"{text.encode("utf-16-be").hex().upper()}",{UCS2}'
    shown = pack(septets).hex().upper() if phone.personality.packed_ussd else text
    return f'+CUSD: {DONE_WITH},"{shown}",{GSM7}'


COMMANDS: Mapping[str, Handler] = {"+CUSD": _cusd}
