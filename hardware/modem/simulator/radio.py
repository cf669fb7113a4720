"""Commands about card and network: PIN, IMSI, signal, registration, operator, phone book (TS 27.007 5 to 8)."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.general import DONE, Handler
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import CmeError, PlainError, Reply

INVALID_INDEX = 21  # TS 27.007 9.2
NO_SERVICE = 30
INTERNATIONAL = 145  # type of address, TS 24.008 10.5.4.7
HOME, IDLE = 1, 0  # <stat> of +CREG
WITH_CELL = 2  # <n> of +CREG
CELL = '"00C3","1A2B"'
OPERATOR_NAME = "SIAGA SIM"
NUMERIC = 2  # <format> of +COPS
BOOK_PLACES = 100


def _cpin(phone: Phone, command: Command) -> Reply:
    if command.form is Form.READ:
        return Reply((f"+CPIN: {phone.card.wants}",))
    if command.form is Form.SET:
        phone.card.enter(command.value(0))
    return DONE


def _cimi(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.card.require_ready()
    return Reply((phone.card.imsi,))


def _ccid(phone: Phone, command: Command) -> Reply:
    """E.118: 89, country 62, and the rest; told without a PIN, as EF-ICCID is readable always (TS 51.011 10.1.1)."""
    return DONE if command.form is Form.TEST else Reply((f"+CCID: 8962{phone.card.imsi[-15:]:0>15}",))


def _cnum(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return DONE
    phone.card.require_ready()
    return Reply((f'+CNUM: "","{phone.card.number}",{INTERNATIONAL}',))


def _csq(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(("+CSQ: (0-31,99),(0-7,99)",))
    return Reply((f"+CSQ: {phone.signal if phone.radio else 99},99",))


def _creg(phone: Phone, command: Command) -> Reply:
    settings = phone.settings
    if command.form is Form.TEST:
        return Reply((f"{command.name}: (0-2)",))
    if command.form is Form.SET:
        if command.value(0) not in {"0", "1", "2"}:
            raise PlainError
        settings.registration_detail[command.name] = int(command.value(0))
        return DONE
    detail = settings.registration_detail.get(command.name, 0)
    cell = f",{CELL}" if detail == WITH_CELL and phone.registered else ""
    return Reply((f"{command.name}: {detail},{HOME if phone.registered else IDLE}{cell}",))


def _cops(phone: Phone, command: Command) -> Reply:
    code = phone.card.imsi[:5]
    if command.form is Form.TEST:
        return Reply((f'+COPS: (2,"{OPERATOR_NAME}","{OPERATOR_NAME}","{code}"),,(0-4),(0-2)',))
    if command.form is Form.SET:
        if command.value(1) in {"0", "1", "2"}:
            phone.settings.operator_format = int(command.value(1))
        return DONE
    if not phone.registered:
        return Reply(("+COPS: 0",))
    style = phone.settings.operator_format
    return Reply((f'+COPS: 0,{style},"{code if style == NUMERIC else OPERATOR_NAME}"',))


def _cpbs(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(('+CPBS: ("SM","ON")',))
    if command.form is Form.READ:
        book = phone.settings.kept.get("+CPBS", "SM")
        return Reply((f'+CPBS: "{book}",{1 if book == "ON" else 0},{BOOK_PLACES}',))
    if command.value(0) not in {"SM", "ON"}:
        raise CmeError(INVALID_INDEX)
    phone.settings.kept["+CPBS"] = command.value(0)
    return DONE


def _cpbr(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply((f"+CPBR: (1-{BOOK_PLACES}),20,18",))
    own = phone.settings.kept.get("+CPBS") == "ON" and command.value(0) == "1"
    return Reply((f'+CPBR: 1,"{phone.card.number}",{INTERNATIONAL},""',)) if own else DONE


def _dial(_: Phone, __: Command) -> Reply:
    raise CmeError(NO_SERVICE)  # this modem carries messages only


COMMANDS: Mapping[str, Handler] = {
    "D": _dial,
    "+CPIN": _cpin,
    "+CIMI": _cimi,
    "+CCID": _ccid,
    "+CNUM": _cnum,
    "+CSQ": _csq,
    "+CREG": _creg,
    "+CGREG": _creg,
    "+COPS": _cops,
    "+CPBS": _cpbs,
    "+CPBR": _cpbr,
}
