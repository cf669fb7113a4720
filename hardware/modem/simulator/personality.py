"""What makes one simulated modem differ from another. Where a real one's habit comes from stands in `families.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A code that is said by itself, so long after the modem started."""

    after_s: float
    line: str


@dataclass(frozen=True, slots=True)
class Chatter:
    """A code said with every answer, until the host sends `stopped_by`; after `limit` of them the modem hangs."""

    line: str
    stopped_by: str
    limit: int = 0  # 0: it never hangs


@dataclass(frozen=True, slots=True)
class Personality:
    """A model of modem. Capacities are in messages.

    `unknown` answers a command that it does not know; `mute` are lines that it never answers; `bare` those that it
    answers without OK. `not_ready` refuses message commands for `ready_after_s` after a start, +CMGF among them.
    `functions` are the values of +CFUN that it takes, `resets` the lines that start it anew. `numeric`: its stored
    profile has ATV0. `packed_ussd`: USSD strings are septets in hex both ways. `tells_on` is the port on which codes
    are said until `told_here_by` is sent on the first.
    """

    name: str
    manufacturer: str
    model: str
    revision: str = "1.0"
    sim_capacity: int = 50
    equipment_capacity: int = 255
    report_capacity: int = 100
    memories: tuple[str, ...] = ("SM", "ME", "SR")
    first_index: int = 1
    unknown: str = "ERROR"
    numeric: bool = False
    mute: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    boot: tuple[Said, ...] = ()
    ready_after_s: float = 0.0
    not_ready: str = "+CMS ERROR: 314"
    chatter: Chatter | None = None
    tells_full: bool = False
    functions: frozenset[str] = frozenset({"0", "1", "4"})
    starts_anew_on: frozenset[str] = frozenset({"AT+CFUN=1,1"})
    packed_ussd: bool = False
    tells_on: int = 0
    told_here_by: str = ""
    knows: frozenset[str] = frozenset()


GENERIC = Personality(name="generic", manufacturer="Siaga", model="Generic GSM")
