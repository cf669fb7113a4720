"""Faults to order: what a simulated modem can be told to do wrong, and what is in force."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from hardware.modem.simulator.errors import SimulatorError


class FaultKind(StrEnum):
    """What goes wrong. Those with a value are written NAME=VALUE, and the error's number is part of its name."""

    NOISE = "noise"  # bytes and codes that mean nothing, around every answer
    DELAY = "delay"  # every command takes VALUE seconds longer
    UNPLUG = "unplug"  # the port is gone for VALUE seconds
    MEMORY_FULL = "memory-full"  # drafts fill every place
    CMS_ERROR = "cms-error"  # whatever is sent is refused with this number
    LOST_NOTIFICATION = "lost-notification"  # messages are stored and not told
    NO_PROMPT = "no-prompt"  # AT+CMGS is never answered
    GARBAGE = "garbage"  # VALUE answers come as garbage
    TRUNCATED_LISTING = "truncated-listing"  # VALUE listings break off half-way
    REBOOT = "reboot"  # it starts anew, now
    SILENT = "silent"  # it hears and says nothing for VALUE seconds


# The value of a fault that was ordered without one; those that are not here take none.
_DEFAULTS = {
    FaultKind.DELAY: 1.0,
    FaultKind.UNPLUG: 3.0,
    FaultKind.GARBAGE: 3.0,
    FaultKind.TRUNCATED_LISTING: 1.0,
    FaultKind.SILENT: 5.0,
}
_COUNTED = frozenset({FaultKind.GARBAGE, FaultKind.TRUNCATED_LISTING})
_CMS_ERROR = re.compile(r"cms-error-([0-9]{1,3})")


def fault_names() -> tuple[str, ...]:
    """How each fault is written, for people."""
    forms = {FaultKind.CMS_ERROR: "cms-error-N"}
    return tuple(forms.get(kind, f"{kind}[=N]" if kind in _DEFAULTS else kind.value) for kind in FaultKind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `value` is in seconds, or a number of times, or the number of an error."""

    kind: FaultKind
    value: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``unplug``, ``unplug=10`` or ``cms-error-500``. Raises SimulatorError, which lists them all."""
        if match := _CMS_ERROR.fullmatch(text):
            return cls(FaultKind.CMS_ERROR, int(match[1]))
        name, given, value = text.partition("=")
        try:
            kind = FaultKind(name)
            default = _DEFAULTS[kind] if given else _DEFAULTS.get(kind, 0.0)
            number = float(value) if given else default
        except (ValueError, KeyError):
            number = -1.0
        if not 0 <= number < math.inf or name == FaultKind.CMS_ERROR:
            raise SimulatorError(f"{text!r} is no fault: {', '.join(fault_names())}")
        return cls(kind, number)


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._left: dict[FaultKind, float] = {}

    def order(self, fault: Fault) -> None:
        """Have it from now on."""
        self._left[fault.kind] = fault.value

    def clear(self) -> None:
        """Have none any more."""
        self._left.clear()

    def value(self, kind: FaultKind) -> float | None:
        """The value of one in force; None when it is not."""
        return self._left.get(kind)

    def strikes(self, kind: FaultKind) -> bool:
        """Whether it happens now; one that was ordered so many times is one less afterwards."""
        left = self._left.get(kind)
        if left is None or (kind in _COUNTED and left < 1):
            return False
        if kind in _COUNTED:
            self._left[kind] = left - 1
        return True
