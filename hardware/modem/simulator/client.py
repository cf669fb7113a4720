"""Talking to a simulated modem from another process, by the control socket beside its link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardware.modem.simulator.control import connect
from hardware.modem.simulator.control_messages import Action, Request, Response
from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.network import SentMessage


def inject(link: Path, number: str, text: str) -> None:
    """Let an SMS from `number` arrive at the modem. Raises SimulatorError."""
    _ask(link, Request(Action.INJECT, number=number, text=text))


def inject_pdu(link: Path, pdu: str) -> None:
    """Let this PDU arrive as it is, good or bad. Raises SimulatorError."""
    _ask(link, Request(Action.INJECT_PDU, pdu=pdu))


def sent(link: Path) -> tuple[SentMessage, ...]:
    """Give all that was sent through the modem, oldest first. Raises SimulatorError."""
    return _ask(link, Request(Action.SENT)).sent


def order_fault(link: Path, fault: str) -> None:
    """Have the modem do this wrong from now on: ``unplug=3``, ``cms-error-500``. Raises SimulatorError."""
    _ask(link, Request(Action.FAULT, text=fault))


def clear_faults(link: Path) -> None:
    """Have the modem do nothing wrong any more. Raises SimulatorError."""
    _ask(link, Request(Action.CLEAR))


@dataclass(frozen=True, slots=True)
class SimulatorStatus:
    """How many command lines the modem has carried out, how many messages it holds, how many the network has for it."""

    commands: int
    stored: int
    waiting: int


def status(link: Path) -> SimulatorStatus:
    """Give the modem's counts. Raises SimulatorError."""
    response = _ask(link, Request(Action.STATUS))
    return SimulatorStatus(response.commands, response.stored, response.waiting)


def _ask(link: Path, request: Request) -> Response:
    try:
        with connect(link) as client, client.makefile("rwb") as stream:
            stream.write(request.to_line())
            stream.flush()
            line = stream.readline()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimulatorError(
            f"{link}: no simulated modem answers: {reason}; start one with `modems simulate`"
        ) from error
    response = Response.from_line(line)
    if response.error:
        raise SimulatorError(response.error)
    return response
