"""Commands that say how messages are handled: +CMGF, +CPMS, +CNMI, +CSCA and relatives (TS 27.005 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.general import DONE, Handler, keeps
from hardware.modem.simulator.memory import Memory
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.radio import INTERNATIONAL
from hardware.modem.simulator.replies import CmsError, Reply
from hardware.modem.simulator.settings import Indications

NOT_SUPPORTED = 303  # TS 27.005 3.2.5
# The highest <mode>, <mt>, <bm>, <ds>, <bfr> of +CNMI.
CNMI_HIGHEST = (2, 3, 0, 2, 1)


def _cmgf(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(("+CMGF: (0,1)",))
    phone.require_loaded()
    if command.form is Form.READ:
        return Reply((f"+CMGF: {int(phone.settings.text_mode)}",))
    if command.value(0, "0") not in {"0", "1"}:
        raise CmsError(NOT_SUPPORTED)
    phone.settings.text_mode = command.value(0) == "1"
    return DONE


def _cpms(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        every, receiving = _offered(phone.memories), _offered(phone.receiving_memories)
        return Reply((f"+CPMS: {every},{receiving},{receiving}",))
    phone.require_messages()
    if command.form is Form.READ:
        used = (f'"{memory.name}",{len(memory)},{memory.capacity}' for memory in _three(phone))
        return Reply(("+CPMS: " + ",".join(used),))
    settings = phone.settings
    reading = command.value(0, settings.reading)
    writing, receiving = command.value(1, settings.writing), command.value(2, settings.receiving)
    if reading not in phone.memories or not {writing, receiving} <= set(phone.receiving_memories):
        raise CmsError(NOT_SUPPORTED)
    settings.reading, settings.writing, settings.receiving = reading, writing, receiving
    return Reply(("+CPMS: " + ",".join(f"{len(memory)},{memory.capacity}" for memory in _three(phone)),))


def _offered(names: Iterable[str]) -> str:
    return "(" + ",".join(f'"{name}"' for name in names) + ")"


def _three(phone: Phone) -> tuple[Memory, ...]:
    return phone.reading, phone.writing, phone.receiving


def _cnmi(phone: Phone, command: Command) -> Reply:
    now = phone.settings.indications
    values = (now.mode, now.mt, now.bm, now.ds, now.bfr)
    if command.form is Form.TEST:
        return Reply(("+CNMI: (0-2),(0-3),(0),(0-2),(0,1)",))
    if command.form is Form.READ:
        return Reply(("+CNMI: " + ",".join(map(str, values)),))
    given = [command.value(place, str(value)) for place, value in enumerate(values)]
    allowed = (text.isdecimal() and int(text) <= top for text, top in zip(given, CNMI_HIGHEST, strict=True))
    if len(command.values) > len(values) or not all(allowed):
        raise CmsError(NOT_SUPPORTED)
    phone.settings.indications = Indications(*map(int, given))
    return DONE


def _csca(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    if command.form is Form.READ:
        return Reply((f'+CSCA: "{phone.centre}",{INTERNATIONAL}',))
    phone.centre = command.value(0, phone.centre)
    return DONE


def _csms(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(("+CSMS: (0,1)",))
    service = phone.settings.kept.setdefault("+CSMS", "0")
    if command.form is Form.READ:
        return Reply((f"+CSMS: {service},1,1,1",))
    phone.settings.kept["+CSMS"] = command.value(0, "0")
    return Reply(("+CSMS: 1,1,1",))


def _cnma(_: Phone, __: Command) -> Reply:
    return DONE


COMMANDS: Mapping[str, Handler] = {
    "+CMGF": _cmgf,
    "+CPMS": _cpms,
    "+CNMI": _cnmi,
    "+CSCA": _csca,
    "+CSMS": _csms,
    "+CNMA": _cnma,
    "+CSMP": keeps("+CSMP", "(0-255),(0-255),(0-255),(0-255)", "17,167,0,0"),
    "+CSDH": keeps("+CSDH", "(0,1)", "0"),
    "+CSCB": keeps("+CSCB", "(0,1)", '0,"",""'),
    "+CMMS": keeps("+CMMS", "(0-2)", "0"),
}
