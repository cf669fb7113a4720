"""Commands that only modems of one maker know."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.modem.simulator.command_line import Command, Form
from hardware.modem.simulator.general import DONE, Handler
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import Reply

# <status> of #QSS (Telit): unlocked, and loaded so far that messages can be used.
UNLOCKED, LOADED = 2, 3


def _obeyed(_: Phone, __: Command) -> Reply:
    return DONE


def _qss(phone: Phone, command: Command) -> Reply:
    return Reply((f"#QSS: 0,{LOADED if phone.loaded else UNLOCKED}",)) if command.form is Form.READ else DONE


COMMANDS: Mapping[str, Handler] = {
    "^CURC": _obeyed,
    "^PORTSEL": _obeyed,
    "+QURCCFG": _obeyed,
    "#QSS": _qss,
}
