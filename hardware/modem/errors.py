"""What can go wrong with a modem. Each error says what to do about it.

ModemError
├── PortLostError        the line is gone or cannot be opened
├── ModemSilentError     no answer in time
├── RefusedError         the modem answered with an error
├── SendUnknownError     the message was handed over, then no answer: it may or may not have gone out
├── StaleListingError    that message was not listed since the modem last started
└── LibraryPathError     a part of python-gsmmodem-new that loses messages was called: a bug of ours
"""

from __future__ import annotations

from enum import Enum

from hardware.modem.at.results import Final


class Decision(Enum):
    """What the caller does next."""

    RETRY = "retry"  # the same thing on the same modem, later
    OTHER_MODEM = "other modem"  # this modem or its SIM cannot; another one may; a person should look
    GIVE_UP = "give up"  # the message or the request is at fault: no modem will do it


class ModemError(Exception):
    """Base of all modem errors."""

    decision = Decision.RETRY


class PortLostError(ModemError):
    """The port cannot be opened, or went away: unplugged, powered off, taken by another program."""

    decision = Decision.OTHER_MODEM

    def __init__(self, port: str, reason: str) -> None:
        super().__init__(f"{port}: {reason}")
        self.port = port
        self.reason = reason


class ModemSilentError(ModemError):
    """The modem did not answer in time. The next transaction brings the line back into step, or reopens it."""

    decision = Decision.OTHER_MODEM


class RefusedError(ModemError):
    """The modem answered a command with an error."""

    def __init__(self, command: str, final: Final, decision: Decision = Decision.RETRY) -> None:
        super().__init__(f"{command}: {final.text}")
        self.command = command
        self.final = final
        self.decision = decision


class SendUnknownError(ModemError):
    """The modem took the message and then fell silent: sending again may give the recipient two."""


class StaleListingError(ModemError):
    """The index was not listed since the modem last started, so it may now be another message: list again."""


class LibraryPathError(ModemError):
    """A path of python-gsmmodem-new that loses or mixes messages; the message names what to call instead."""

    decision = Decision.GIVE_UP
