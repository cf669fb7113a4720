"""What the network has for the modem, handed over as AT+CNMI says (TS 27.005 3.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from hardware.modem.listing import MessageStatus
from hardware.modem.simulator.faults import FaultKind
from hardware.modem.simulator.memory import Entry, Memory
from hardware.modem.simulator.phone import Phone

STORE_AND_TELL = (1, 3)  # <mt> 3 routes class 3 only and is 1 for all others
ROUTE = 2
REPORT_ROUTE = 1
REPORT_STORE = 2


def tpdu_length(pdu: str) -> int:
    """Give <length> of a header: octets without the SMSC field; 0 for what is no PDU."""
    try:
        octets = bytes.fromhex(pdu)
    except ValueError:
        return 0
    return max(len(octets) - 1 - octets[0], 0) if octets else 0


def arrive(phone: Phone) -> Iterator[str]:
    """Take in all that waits and fits; gives the unsolicited codes to say. What does not fit waits on."""
    while phone.codes:
        yield phone.codes.popleft()
    if not phone.registered or not phone.loaded:
        return
    told = [*_messages(phone), *_reports(phone)]
    if not phone.faults.strikes(FaultKind.LOST_NOTIFICATION):
        yield from told


def _messages(phone: Phone) -> Iterator[str]:
    waiting = phone.network.waiting
    while waiting:
        indications = phone.settings.indications
        if indications.mt == ROUTE and indications.mode:
            pdu = waiting.popleft()
            yield f"+CMT: ,{tpdu_length(pdu)}\r\n{pdu}"
        elif phone.receiving.full:
            # Huawei's word for it, said once for as long as it lasts.
            if phone.personality.tells_full and not phone.network.told_full:
                yield f'^SMMEMFULL: "{phone.receiving.name}"'
            phone.network.told_full = True
            return
        else:
            phone.network.told_full = False
            index = _store(phone.receiving, waiting.popleft())
            if indications.mt in STORE_AND_TELL and indications.mode:
                yield f'+CMTI: "{phone.receiving.name}",{index}'


def _reports(phone: Phone) -> Iterator[str]:
    # A modem without a memory for reports puts them among the messages.
    waiting, memory = phone.network.reports, phone.memories.get("SR", phone.receiving)
    routing = phone.settings.indications.ds
    while waiting:
        if routing == REPORT_STORE and memory.full:
            return
        pdu = waiting.popleft()
        if routing == REPORT_ROUTE:
            yield f"+CDS: {tpdu_length(pdu)}\r\n{pdu}"
        elif routing == REPORT_STORE:
            yield f'+CDSI: "{memory.name}",{_store(memory, pdu)}'


def _store(memory: Memory, pdu: str) -> int:
    return memory.add(Entry(MessageStatus.REC_UNREAD, pdu))
