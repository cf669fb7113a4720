"""Waiting for a modem to read its SIM: READY to AT+CPIN? comes seconds before messages can be listed or sent."""

from __future__ import annotations

from hardware.modem.at.results import Final
from hardware.modem.families import Family
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional

POLLS = 20
POLL_S = 1.0

# SIM busy (TS 27.007 9.2, TS 27.005 3.2.5), and what makers say for it: 512 to 517 are Wavecom's and SIMCom's.
_BUSY = frozenset({14, 314, *range(512, 518)})


def await_loaded(link: Link, family: Family, *, polls: int = POLLS) -> bool:
    """Whether messages can be used; asked `polls` times with pauses before the answer is no."""
    for left in reversed(range(polls)):
        if _loaded(link, family):
            return True
        if left:
            link.wait_quiet(POLL_S, POLL_S)
    return False


def _loaded(link: Link, family: Family) -> bool:
    if family.loaded:
        lines = ask_optional(link, family.loaded.command).lines
        if any(map(family.loaded.yes.match, lines)):
            return True
        if any(map(family.loaded.no.match, lines)):
            return False
    return _takes_pdu_mode(link) and not _busy(ask_optional(link, "AT+CPMS?").final)


def _takes_pdu_mode(link: Link) -> bool:
    """A modem that knows no other mode may refuse to be put into it."""
    if ask_optional(link, "AT+CMGF=0").ok:
        return True
    return any(line.replace(" ", "") == "+CMGF:0" for line in ask_optional(link, "AT+CMGF?").lines)


def _busy(final: Final) -> bool:
    return final.code in _BUSY
