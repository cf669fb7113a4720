"""Looking for modems: which ports are there, which of them speak AT, and what stands behind each.

Nothing is changed but how errors are told: no PIN is entered, and a port that another program holds is left to it.
"""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from hardware.modem.at.events import Urc
from hardware.modem.errors import ModemSilentError, PortLostError
from hardware.modem.health import ModemState, dbm, network_state, parse_imsi, parse_number, parse_registration
from hardware.modem.port import Port
from hardware.modem.sim_state import SimState, sim_state
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional
from hardware.modem.transport.resync import resync

BY_ID = Path("/dev/serial/by-id")
"""udev's stable names: the same stick has the same one in whatever socket, after whatever start."""

TAKEN = "another program uses it; for `siaga112 modems serve` siaga112 modems list says how it is"

_DEVICES = ("/dev/ttyUSB*", "/dev/ttyACM*")
_AT_ONCE = 16

_STATES = {
    SimState.READY: (ModemState.UP, ""),
    SimState.PIN: (ModemState.PIN, "the SIM asks for its PIN: write it into pin"),
    SimState.PUK: (ModemState.PUK, "the SIM is locked: enter its PUK in a phone"),
    SimState.MISSING: (ModemState.NO_SIM, "no SIM in the modem"),
    SimState.BUSY: (ModemState.DOWN, "the SIM is busy: scan again in a minute"),
    SimState.FAILED: (ModemState.NO_SIM, "the SIM does not work in this modem"),
    SimState.LOCKED: (ModemState.DOWN, "the modem is locked to another SIM or network"),
}

_IMEI = re.compile(r"(?:\+CGSN\s*:\s*)?\"?([0-9]{14,17})\"?")  # TS 27.007 5.4
_CSQ = re.compile(r"\+CSQ\s*:\s*([0-9]{1,2})")
_COPS = re.compile(r"\+COPS\s*:\s*[0-9],[0-9],\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class ScannedPort:
    """One port and what answers there.

    Attributes:
        speaks_at: whether a modem answers; if not, `reason` says what happened instead.
        stick: number of the stick, from 1: ports of one stick have the same; None for one that does not say.
        state: as the driver would find it now.
    """

    port: str
    speaks_at: bool
    state: ModemState
    reason: str
    stick: int | None = None
    manufacturer: str | None = None
    model: str | None = None
    imei: str | None = None
    imsi: str | None = None
    number: str | None = None
    operator: str | None = None
    signal_dbm: int | None = None


def candidates() -> list[str]:
    """The serial ports of this machine, by their stable names where there are any."""
    if BY_ID.is_dir():
        return sorted(map(str, BY_ID.iterdir()))
    return sorted(str(path) for pattern in _DEVICES for path in Path("/").glob(pattern.lstrip("/")))


def scan(ports: Sequence[str], baudrate: int = 115_200) -> list[ScannedPort]:
    """Look at all of these at once; in their order."""
    if not ports:
        return []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return _numbered(list(pool.map(lambda port: look(port, baudrate), ports)))


def look(port: str, baudrate: int = 115_200) -> ScannedPort:
    """What answers at one port."""
    try:
        link = Link(Port(port, baudrate), _pass_over)
    except PortLostError as error:
        taken = getattr(error.__cause__, "errno", None) in {errno.EAGAIN, errno.EBUSY}
        reason = TAKEN if taken else f"cannot be opened: {error.reason}"
        return ScannedPort(port, speaks_at=False, state=ModemState.DOWN, reason=reason)
    try:
        resync(link)
        return _ask(link, port)
    except (ModemSilentError, PortLostError):
        return ScannedPort(port, speaks_at=False, state=ModemState.DOWN, reason="nothing answers AT here")
    finally:
        link.close()


def best_ports(found: Iterable[ScannedPort]) -> list[ScannedPort]:
    """One port for each stick: the first that speaks AT."""
    best: dict[int, ScannedPort] = {}
    for port in found:
        if port.speaks_at and port.stick is not None:
            best.setdefault(port.stick, port)
    return list(best.values())


def _pass_over(_urc: Urc) -> None:
    """What the modem says unasked is nobody's business while looking."""


def _ask(link: Link, port: str) -> ScannedPort:
    ask_optional(link, "AT+CMEE=1")  # without it an empty holder says ERROR and no more (TS 27.007 9.1)
    state, reason = _STATES[sim_state(ask_optional(link, "AT+CPIN?"))]
    if state is ModemState.UP:
        registration = parse_registration(ask_optional(link, "AT+CREG?").lines)
        state, reason = network_state(registration)
    return ScannedPort(
        port,
        speaks_at=True,
        state=state,
        reason=reason,
        manufacturer=_words(link, "AT+CGMI"),
        model=_words(link, "AT+CGMM"),
        imei=_first(link, "AT+CGSN", _IMEI),
        imsi=parse_imsi(ask_optional(link, "AT+CIMI").lines),
        number=parse_number(ask_optional(link, "AT+CNUM").lines),
        operator=_first(link, "AT+COPS?", _COPS),
        signal_dbm=dbm(_number(_first(link, "AT+CSQ", _CSQ))),
    )


def _words(link: Link, command: str) -> str | None:
    said = " ".join(ask_optional(link, command).lines).strip()
    return said.partition(":")[2].strip().strip('"') if said.startswith("+") else said or None


def _first(link: Link, command: str, pattern: re.Pattern[str]) -> str | None:
    matches = (pattern.match(line) for line in ask_optional(link, command).lines)
    return next((match[1] for match in matches if match), None)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _numbered(found: list[ScannedPort]) -> list[ScannedPort]:
    """Which ports are one stick's: those whose paths say so, else those with one IMEI."""
    stems = Counter(_stem(port.port) for port in found)
    speaking = [port for port in found if port.speaks_at]
    identities = {
        port.port: stem if stems[stem := _stem(port.port)] > 1 or not port.imei else port.imei for port in speaking
    }
    numbers = {identity: number for number, identity in enumerate(dict.fromkeys(identities.values()), start=1)}
    return [replace(port, stick=numbers.get(identities.get(port.port, _stem(port.port)))) for port in found]


def _stem(port: str) -> str:
    """What the ports of one stick have in common: `usb-HUAWEI-if02-port0` is of `usb-HUAWEI`, `modem.2` of `modem`."""
    return re.sub(r"(-if\d+(-port\d+)?|\.\d+)$", "", port)
