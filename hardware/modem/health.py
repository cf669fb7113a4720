"""How a modem is, as people and monitoring see it, and how that is read from its answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from hardware.modem.memories import MemoryUse


class ModemState(StrEnum):
    """The states of the public surface."""

    UP = "up"
    DOWN = "down"
    NO_SIM = "no_sim"
    PIN = "pin"
    PUK = "puk"
    SEARCHING = "searching"


class Trouble(StrEnum):
    """What keeps a modem from its work, by what can be done about it (see `ladder`)."""

    PORT = "port"  # it cannot be opened, or went away
    SILENT = "silent"  # nothing answers there
    REFUSED = "refused"  # it answers, and refuses what it must do
    NETWORK = "network"  # no network serves it
    SIM = "sim"  # the card is missing or does not work


class Registration(IntEnum):
    """<stat> of +CREG and +CEREG, TS 27.007 7.2 and 10.1.22."""

    IDLE = 0
    HOME = 1
    SEARCHING = 2
    DENIED = 3
    UNKNOWN = 4
    ROAMING = 5
    SMS_ONLY_HOME = 6
    SMS_ONLY_ROAMING = 7
    EMERGENCY_ONLY = 8
    CSFB_NOT_PREFERRED_HOME = 9
    CSFB_NOT_PREFERRED_ROAMING = 10

    @property
    def serves(self) -> bool:
        """Whether messages can pass."""
        return self not in _WITHOUT_SERVICE


# What a person should know about a modem that hears no network.
_WITHOUT_SERVICE = {
    Registration.IDLE: "not registered and not looking for a network",
    Registration.SEARCHING: "looking for a network",
    Registration.DENIED: "the network refuses this SIM",
    Registration.UNKNOWN: "out of coverage",
    Registration.EMERGENCY_ONLY: "the network allows emergency calls only",
}


@dataclass(frozen=True, slots=True)
class ModemHealth:
    """One look at a modem. `reason` is "" when it is up; what could not be learnt is None or empty.

    `trouble` is None when it is up, and when only a person can help (PIN, PUK).
    """

    name: str
    state: ModemState
    reason: str
    signal_dbm: int | None = None
    registration: Registration | None = None
    operator: str | None = None
    imsi: str | None = None
    number: str | None = None
    memories: tuple[MemoryUse, ...] = ()
    trouble: Trouble | None = None

    @property
    def stored(self) -> int:
        """Places taken in all memories together."""
        return sum(memory.stored for memory in self.memories)

    @property
    def capacity(self) -> int:
        """Places in all memories together."""
        return sum(memory.capacity for memory in self.memories)


_KNOWN_STATS = frozenset(Registration)
_REGISTERED = re.compile(r"\+CE?REG\s*:\s*[0-9]\s*,\s*([0-9]{1,2})\b")
_NUMBER = re.compile(r"\+CNUM\s*:\s*(?:\"[^\"]*\")?\s*,\s*\"(\+?[0-9]{3,20})\"(?:\s*,\s*([0-9]{1,3}))?")
_INTERNATIONAL = "145"  # type of number and numbering plan, TS 24.008 10.5.4.7
_IMSI = re.compile(r"(?:\+CIMI\s*:\s*)?\"?([0-9]{6,15})\"?")


def dbm(rssi: int | None) -> int | None:
    """Turn <rssi> of +CSQ into dBm (TS 27.007 8.5); None for 99, and for what no table knows."""
    return -113 + 2 * rssi if rssi is not None and 0 <= rssi <= 31 else None


def parse_registration(lines: Iterable[str]) -> Registration | None:
    """Read <stat> from the answer to AT+CREG? or AT+CEREG?."""
    for line in lines:
        match = _REGISTERED.match(line)
        if match and int(match[1]) in _KNOWN_STATS:
            return Registration(int(match[1]))
    return None


def parse_imsi(lines: Iterable[str]) -> str | None:
    """Read the IMSI (TS 23.003 2.2: at most 15 digits) from the answer to AT+CIMI."""
    for line in lines:
        match = _IMSI.fullmatch(line)
        if match:
            return match[1]
    return None


def parse_number(lines: Iterable[str]) -> str | None:
    """Read the SIM's own number from the answer to AT+CNUM (TS 27.007 7.1); many cards do not know it."""
    for line in lines:
        match = _NUMBER.match(line)
        if match:
            number, international = match[1], match[2] == _INTERNATIONAL
            return f"+{number}" if international and not number.startswith("+") else number
    return None


def network_state(registration: Registration | None, operator: str | None = None) -> tuple[ModemState, str]:
    """Give the state, and the reason when it is not up. A modem that cannot tell counts as up: it answers.

    So does one that always says 0 and names an operator: +COPS? names one only where it is served (TS 27.007 7.3), and
    a message that the network then refuses is tried again.
    """
    if registration is None or registration.serves or (registration is Registration.IDLE and operator):
        return ModemState.UP, ""
    return ModemState.SEARCHING, _WITHOUT_SERVICE[registration]
