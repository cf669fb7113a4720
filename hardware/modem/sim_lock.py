"""Unlocking the SIM: the PIN goes out once, and never again after it was refused; a PUK is for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardware.modem.families import Family
from hardware.modem.health import ModemState, Trouble
from hardware.modem.pin_memory import Mark, SimPin
from hardware.modem.sim_state import SimState, sim_state
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional

# After its PIN, or power, a SIM is busy for some seconds.
_POLLS = 10
_POLL_S = 1.0

# ICCID, which can be read without a PIN: SIMCom and Telit, Quectel, Huawei.
_ICCID_COMMANDS = ("AT+CCID", "AT+QCCID", "AT^ICCID?")
_ICCID = re.compile(r"89[0-9]{16,18}")  # ITU-T E.118: 89 is telecommunication, 18 to 20 digits
_QUERY = "AT+CPIN?"
_PIN = re.compile(r"[0-9]{4,8}")  # TS 27.007 8.3, TS 31.101 9.5.1


@dataclass(frozen=True, slots=True)
class SimReport:
    """The SIM as the modem's state; `usable` tells whether messages can pass."""

    usable: bool
    state: ModemState
    reason: str
    trouble: Trouble | None = None


_REPORTS = {
    SimState.READY: SimReport(True, ModemState.UP, ""),
    SimState.PIN: SimReport(False, ModemState.PIN, "the SIM asks for its PIN and none is configured"),
    SimState.PUK: SimReport(
        False, ModemState.PUK, "the SIM is locked: enter its PUK in a phone, three wrong PINs were given"
    ),
    SimState.MISSING: SimReport(False, ModemState.NO_SIM, "no SIM in the modem", Trouble.SIM),
    SimState.BUSY: SimReport(False, ModemState.DOWN, "the SIM is busy and does not become ready", Trouble.SIM),
    SimState.FAILED: SimReport(False, ModemState.DOWN, "the SIM does not work in this modem", Trouble.SIM),
    SimState.LOCKED: SimReport(False, ModemState.DOWN, "the modem is locked to another SIM or network"),
}
_REFUSED = SimReport(
    False, ModemState.PIN, "the configured PIN was refused; it is not sent again, as the third refusal locks the SIM"
)
_NO_PIN_AT_ALL = SimReport(False, ModemState.PIN, "the configured PIN is not 4 to 8 digits")


def unlock(link: Link, pin: SimPin | None, port: str, family: Family) -> SimReport:
    """See how the SIM is; give it its PIN when it asks, one is configured and was not refused before."""
    state = _state_when_settled(link, family)
    if pin is None or state not in (SimState.PIN, SimState.READY):
        return _REPORTS[state]
    sim = _iccid(link) or port
    if state is SimState.READY:
        _confirm(pin, sim)
        return _REPORTS[state]
    return _give(link, pin, sim, family)


def _confirm(pin: SimPin, sim: str) -> None:
    """A SIM that is ready after our PIN took it; one that refused ours was unlocked by somebody else."""
    if pin.mark_of(sim) is Mark.SENT:
        pin.forget(sim)


def _give(link: Link, pin: SimPin, sim: str, family: Family) -> SimReport:
    if not _PIN.fullmatch(pin.value):
        return _NO_PIN_AT_ALL
    if pin.mark_of(sim) is not None:
        return _REFUSED
    pin.remember(sim, Mark.SENT)
    if not link.ask(f'AT+CPIN="{pin.value}"').ok:
        pin.remember(sim, Mark.REFUSED)
        return _REPORTS[SimState.PUK] if _state(link, family) is SimState.PUK else _REFUSED
    state = _state_when_settled(link, family)
    if state is SimState.READY:
        pin.forget(sim)
    return _REFUSED if state is SimState.PIN else _REPORTS[state]


def _state(link: Link, family: Family) -> SimState:
    return sim_state(link.ask(_QUERY, bare=True) if _QUERY in family.bare else ask_optional(link, _QUERY))


def _state_when_settled(link: Link, family: Family) -> SimState:
    state = SimState.BUSY
    for _ in range(_POLLS):
        state = _state(link, family)
        if state is not SimState.BUSY:
            break
        link.wait_quiet(_POLL_S, _POLL_S)
    return state


def _iccid(link: Link) -> str | None:
    for command in _ICCID_COMMANDS:
        for line in ask_optional(link, command).lines:
            match = _ICCID.search(line)
            if match:
                return match[0]
    return None
