"""The settings that our way of receiving needs, asserted after whatever the library did or did not manage."""

from __future__ import annotations

from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional

# Echo off (V.250 6.2.4), numbered errors (TS 27.007 9.1), PDU mode (TS 27.005 3.2.3). Where the first is never
# answered (as ATZ was in https://github.com/zabsalahid/serialport-gsm/issues/48), the echo stays, and harms nothing.
_BASICS = ("ATE0", "AT+CMEE=1", "AT+CMGF=0")

# TS 27.005 3.4.1: store and say +CMTI (mt=1), no broadcasts, reports stored (ds=2) or not at all; from the best that a
# modem may take to the least. mt=2 is not among them: it hands messages over unstored.
_INDICATIONS = ("2,1,0,2,0", "1,1,0,2,0", "2,1,0,0,0", "1,1,0,0,0", "2,1,0,0", "1,1,0,0", "2,1", "1,1")


def assert_basics(link: Link) -> list[str]:
    """Set what every transaction relies on; gives the commands that were refused."""
    return [command for command in _BASICS if not ask_optional(link, command).ok]


def assert_indications(link: Link) -> list[str]:
    """Ask for +CMTI, in the best form that the modem takes; gives what was refused when it takes none.

    A modem that takes none is polled all the same.
    """
    if any(ask_optional(link, f"AT+CNMI={setting}").ok for setting in _INDICATIONS):
        return []
    return ["AT+CNMI"]
