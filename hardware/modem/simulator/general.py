"""Commands of the modem itself: V.250 basics, identity, errors, power, clock (TS 27.007 5, 8, 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import CmeError, PlainError, Reply

Handler = Callable[[Phone, Command], Reply]

DONE = Reply()
NOT_SUPPORTED = 4  # TS 27.007 9.2
QUARTER_S = 900


def _echo(phone: Phone, command: Command) -> Reply:
    phone.settings.echo = command.value(0, "0") == "1"
    return DONE


def _verbose(phone: Phone, command: Command) -> Reply:
    phone.settings.verbose = command.value(0, "0") == "1"
    return DONE


def _reset(phone: Phone, _: Command) -> Reply:
    phone.forget()
    return DONE


def _nothing(_: Phone, __: Command) -> Reply:
    return DONE


def _information(phone: Phone, _: Command) -> Reply:
    who = phone.personality
    return Reply((f"Manufacturer: {who.manufacturer}", f"Model: {who.model}", f"Revision: {who.revision}"))


def _says(text: Callable[[Phone], str]) -> Handler:
    def handler(phone: Phone, command: Command) -> Reply:
        if command.form is Form.TEST:
            return DONE
        if command.form is not Form.EXECUTE:
            raise PlainError
        return Reply((text(phone),))

    return handler


def _cmee(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply(("+CMEE: (0-2)",))
    if command.form is Form.READ:
        return Reply((f"+CMEE: {phone.settings.cmee}",))
    level = command.value(0, "0")
    if level not in {"0", "1", "2"}:
        raise PlainError
    phone.settings.cmee = int(level)
    return DONE


def _cfun(phone: Phone, command: Command) -> Reply:
    if command.form is Form.TEST:
        return Reply((f"+CFUN: ({','.join(sorted(phone.personality.functions))}),(0,1)",))
    if command.form is Form.READ:
        return Reply((f"+CFUN: {1 if phone.radio else 4}",))
    if command.value(1) == "1" or command.value(0) not in phone.personality.functions:
        raise CmeError(NOT_SUPPORTED)
    phone.radio = command.value(0) == "1"
    return DONE


def _cclk(phone: Phone, command: Command) -> Reply:
    if command.form is not Form.READ:
        return DONE
    now = phone.now()
    offset = now.utcoffset()
    quarters = int(offset.total_seconds()) // QUARTER_S if offset else 0
    return Reply((f'+CCLK: "{now:%y/%m/%d,%H:%M:%S}{quarters:+03d}"',))


def keeps(name: str, choices: str, default: str) -> Handler:
    """Give a handler for a setting that is only remembered: `choices` is what the test form shows."""

    def handler(phone: Phone, command: Command) -> Reply:
        if command.form is Form.TEST:
            return Reply((f"{name}: {choices}",))
        if command.form is Form.READ:
            return Reply((f"{name}: {phone.settings.kept.get(name, default)}",))
        phone.settings.kept[name] = ",".join(command.values) or default
        return DONE

    return handler


COMMANDS: Mapping[str, Handler] = {
    "E": _echo,
    "Z": _reset,
    "&F": _reset,
    "V": _verbose,
    "Q": _nothing,
    "X": _nothing,
    "&C": _nothing,
    "&D": _nothing,
    "&W": _nothing,
    "S0": _nothing,
    "H": _nothing,
    "+CHUP": _nothing,
    "I": _information,
    "+CGMI": _says(lambda phone: phone.personality.manufacturer),
    "+GMI": _says(lambda phone: phone.personality.manufacturer),
    "+CGMM": _says(lambda phone: phone.personality.model),
    "+GMM": _says(lambda phone: phone.personality.model),
    "+CGMR": _says(lambda phone: phone.personality.revision),
    "+GMR": _says(lambda phone: phone.personality.revision),
    "+CGSN": _says(lambda phone: phone.imei),
    "+GSN": _says(lambda phone: phone.imei),
    "+GCAP": _says(lambda _: "+GCAP: +CGSM"),
    "+CPAS": _says(lambda _: "+CPAS: 0"),
    "+CBC": _says(lambda _: "+CBC: 0,100"),
    "+CMEE": _cmee,
    "+CFUN": _cfun,
    "+CCLK": _cclk,
    "+CSCS": keeps("+CSCS", '("GSM","IRA")', '"GSM"'),
    "+CLIP": keeps("+CLIP", "(0,1)", "0,1"),
    "+CRC": keeps("+CRC", "(0,1)", "0"),
    "+CVHU": keeps("+CVHU", "(0-2)", "0"),
    "+COLP": keeps("+COLP", "(0,1)", "0,1"),
    "+CGATT": keeps("+CGATT", "(0,1)", "1"),
    "+CTZU": keeps("+CTZU", "(0,1)", "0"),
}
