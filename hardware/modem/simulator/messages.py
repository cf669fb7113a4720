"""Commands on messages: list, read, delete, send, write (TS 27.005 3.4, 3.5, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hardware.modem.listing import MessageStatus
from hardware.modem.pdu import UnencodableError, encode_submit
from hardware.modem.simulator.arrivals import tpdu_length
from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.faults import FaultKind
from hardware.modem.simulator.general import DONE, Handler
from hardware.modem.simulator.memory import Entry
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import CmsError, Reply
from hardware.modem.simulator.text_form import STATUS_TEXTS, text_lines

# TS 27.005 3.2.5
NOT_SUPPORTED = 303
INVALID_PDU = 304
INVALID_TEXT = 305
NO_SUCH_INDEX = 321
FULL = 322

_READ, _UNSENT, _SENT = MessageStatus.REC_READ, MessageStatus.STO_UNSENT, MessageStatus.STO_SENT

# <delflag> of +CMGD, TS 27.005 3.5.4: what goes besides the message at the index.
_DELETED_BY_FLAG: dict[str, tuple[MessageStatus, ...]] = {
    "1": (_READ,),
    "2": (_READ, _SENT),
    "3": (_READ, _SENT, _UNSENT),
    "4": tuple(MessageStatus),
}


def _cmgl(phone: Phone, command: Command) -> Reply:
    text_mode = phone.settings.text_mode
    if command.form is Form.TEST:
        choices = ",".join(f'"{text}"' for text in (*STATUS_TEXTS.values(), "ALL"))
        return Reply((f"+CMGL: ({choices if text_mode else '0-4'})",))
    phone.require_messages()
    wanted = _statuses(command, text_mode)
    return Reply(tuple(_listing(phone, wanted)))


def _statuses(command: Command, text_mode: bool) -> tuple[MessageStatus, ...]:
    names = {text: (status,) for status, text in STATUS_TEXTS.items()} | {"ALL": tuple(MessageStatus)}
    numbers = {str(int(status)): (status,) for status in MessageStatus} | {"4": tuple(MessageStatus)}
    known = names if text_mode else numbers
    asked = command.value(0, "REC UNREAD" if text_mode else "0").upper()
    if asked not in known:
        raise CmsError(INVALID_TEXT if text_mode else INVALID_PDU)
    return known[asked]


def _listing(phone: Phone, wanted: Iterable[MessageStatus]) -> Iterator[str]:
    for index, entry in phone.reading.entries():
        if entry.status in wanted:
            yield from _shown(phone, f"+CMGL: {index},", entry)


def _shown(phone: Phone, prefix: str, entry: Entry) -> tuple[str, str]:
    if phone.settings.text_mode:
        lines = text_lines(prefix, entry.status, entry.pdu)
    else:
        lines = (f"{prefix}{int(entry.status)},,{tpdu_length(entry.pdu)}", entry.pdu)
    entry.read()
    return lines


def _cmgr(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.require_messages()
    return Reply(_shown(phone, "+CMGR: ", _entry_at(phone, command)))


def _entry_at(phone: Phone, command: Command) -> Entry:
    entry = phone.reading.get(_index(phone, command))
    if entry is None:
        raise CmsError(NO_SUCH_INDEX)
    return entry


def _index(phone: Phone, command: Command) -> int:
    text = command.value(0)
    if not text.isdecimal() or int(text) not in phone.reading.indexes():
        raise CmsError(NO_SUCH_INDEX)
    return int(text)


def _cmgd(phone: Phone, command: Command) -> Reply:
    memory = phone.reading
    if command.form is Form.TEST:
        places = ",".join(str(index) for index, _ in memory.entries())
        return Reply((f"+CMGD: ({places}),(0-4)",))
    phone.require_messages()
    flag = command.value(1, "0")
    if flag == "0":
        memory.delete(_index(phone, command))
        return DONE
    if flag not in _DELETED_BY_FLAG:
        raise CmsError(NOT_SUPPORTED)
    for index, entry in list(memory.entries()):
        if entry.status in _DELETED_BY_FLAG[flag]:
            memory.delete(index)
    return DONE


def _cmgs(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.require_messages()
    if not command.value(0):
        raise CmsError(INVALID_PDU)
    return Reply(body=lambda text: Reply((f"+CMGS: {_take(phone, *_pdu(phone, command, text))}",)))


def _take(phone: Phone, pdu: str, length: int) -> int:
    refusal = phone.faults.value(FaultKind.CMS_ERROR)
    if refusal is not None:
        raise CmsError(int(refusal))
    return phone.network.take(pdu, length)


def _pdu(phone: Phone, command: Command, body: str) -> tuple[str, int]:
    """In text mode the value is the number and the body its text; in PDU mode they are length and PDU."""
    if not phone.settings.text_mode:
        if not command.value(0).isdecimal():
            raise CmsError(INVALID_PDU)
        return body.strip(), int(command.value(0))
    try:
        (encoded,) = encode_submit(command.value(0), body)
    except (UnencodableError, ValueError):
        raise CmsError(INVALID_TEXT) from None
    return encoded.hex, encoded.tpdu_length


def _cmgw(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.require_messages()
    return Reply(body=lambda text: _write(phone, command, text))


def _write(phone: Phone, command: Command, body: str) -> Reply:
    status = command.value(1, str(int(_UNSENT)))
    if status not in {"0", "1", "2", "3"}:
        status = str(int(_UNSENT))  # in text mode the second value is the type of address
    if phone.writing.full:
        raise CmsError(FULL)
    pdu, _ = _pdu(phone, command, body)
    return Reply((f"+CMGW: {phone.writing.add(Entry(MessageStatus(int(status)), pdu))}",))


def _cmss(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.require_messages()
    entry = _entry_at(phone, command)
    reference = _take(phone, entry.pdu, tpdu_length(entry.pdu))
    entry.status = _SENT
    return Reply((f"+CMSS: {reference}",))


COMMANDS: Mapping[str, Handler] = {
    "+CMGL": _cmgl,
    "+CMGR": _cmgr,
    "+CMGD": _cmgd,
    "+CMGS": _cmgs,
    "+CMGW": _cmgw,
    "+CMSS": _cmss,
}
