"""Commands that a modem need not know. Most answer ERROR to such a one; some say nothing at all."""

from __future__ import annotations

from hardware.modem.at.events import Answer
from hardware.modem.at.results import Final, Kind
from hardware.modem.errors import ModemSilentError
from hardware.modem.transport.deadlines import name_of
from hardware.modem.transport.link import Link
from hardware.modem.transport.resync import resync
from siaga112.log import get

log = get(__name__)

SILENCE = Final(Kind.ERROR, None, "no answer")


def ask_optional(link: Link, command: str) -> Answer:
    """Ask what the modem may leave unanswered: that counts as a refusal, and is not waited for again on this link.

    Not for commands that depend on each other. Raises ModemSilentError when the modem answers nothing else either, and
    PortLostError.
    """
    name = name_of(command)
    if name in link.unanswered:
        return Answer(command, (), SILENCE)
    try:
        return link.ask(command)
    except ModemSilentError:
        resync(link)
        link.unanswered.add(name)
        log.warning("modem.command_unanswered", command=name)
        return Answer(command, (), SILENCE)
