"""What AT+CPMS tells about a modem's message memories (TS 27.005 3.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# The order of emptying. MT is SM and ME together: it is used only where neither has a name of its own. BM holds cell
# broadcasts, TA is the modem's own buffer: no person's message is there.
_DRAINED = ("SM", "ME", "MT", "SR")

_GROUP = re.compile(r"\(([^()]*)\)")
_NAME = re.compile(r'"([A-Z]{2})"')
_NUMBERS = re.compile(r"\+CPMS\s*:\s*([0-9]{1,5})\s*,\s*([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """How full a memory is."""

    name: str
    stored: int
    capacity: int


def parse_readable(lines: Iterable[str]) -> frozenset[str]:
    """Give the memories that AT+CPMS=? offers for reading: the first of its groups."""
    for line in lines:
        group = _GROUP.search(line.partition(":")[2])
        if line.startswith("+CPMS") and group:
            return frozenset(_NAME.findall(group[1]))
    return frozenset()


def parse_use(memory: str, lines: Iterable[str]) -> MemoryUse | None:
    """Give what AT+CPMS="…" answered: places taken and places there are, of the memory just chosen."""
    for line in lines:
        match = _NUMBERS.match(line)
        if match:
            return MemoryUse(memory, int(match[1]), int(match[2]))
    return None


def candidates(readable: frozenset[str]) -> tuple[str, ...]:
    """Give the memories to try in order; all usual ones when the modem did not say what it has."""
    return tuple(name for name in _DRAINED if not readable or name in readable)


def without_union(usable: Iterable[str]) -> tuple[str, ...]:
    """Leave out MT where its parts are there, so that no message is listed under two names."""
    names = tuple(usable)
    return tuple(name for name in names if name != "MT" or not {"SM", "ME"} & set(names))
