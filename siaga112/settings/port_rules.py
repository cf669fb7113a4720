"""This machine's ports: each for one thing."""

from collections.abc import Iterator

from siaga112.settings.checks import PORTS
from siaga112.settings.problems import Finding, Path
from siaga112.settings.reading import value_of
from siaga112.settings.schema import Tables, sections

Key = tuple[str, str]
_OWN_PORTS: tuple[Key, ...] = (
    ("asterisk", "sip_port"),
    ("asterisk", "ami_port"),
    ("asterisk", "agi_port"),
    ("web", "port"),
)


_PAIRS_OF_A_CALL = 2


def ports_differ(tables: Tables) -> Iterator[Finding]:
    """No two servers of this machine are on one port."""
    first: dict[int, Key] = {}
    for path, port in _ports(tables).items():
        if port in first:
            yield Finding(path, f"{port} is {'.'.join(first[port])} too", "write a port that is free")
        first.setdefault(port, path)


def rtp_ports_are_apart(tables: Tables) -> Iterator[Finding]:
    """The ports for speech are a range, and no server is within it."""
    here: Path = ("asterisk", "rtp_ports")
    first, last = _rtp_ports(tables)
    if first > last or first == last != 0:
        yield Finding(
            here, f"{first} to {last} is no range", f"write [{min(first, last)}, {max(first, last, first + 9)}]"
        )
        return
    if first > 0 and _pairs(first, last) < _PAIRS_OF_A_CALL:
        wrong = f"{first} to {last} has no room for a call: each of its two legs takes two ports, the first even"
        yield Finding(here, wrong, f"write [{first}, {first + 999}], four for each call at a time")
        return
    inside = {path: port for path, port in _ports(tables).items() if first <= port <= last}
    moved = {path: port for path, port in inside.items() if not _is_default(path, port)}
    for path, port in moved.items():
        yield Finding(path, f"{port} lies within asterisk.rtp_ports", f"write a port outside {first} to {last}")
    if inside and not moved:
        which = ", ".join(f"{'.'.join(path)} {port}" for path, port in inside.items())
        yield Finding(here, f"{first} to {last} holds {which}", "write a range without them, such as [10000, 10999]")


def _pairs(first: int, last: int) -> int:
    """Pairs of an even port (RTP) and the odd one after it (RTCP), RFC 3550 clause 11."""
    return (last + 1) // 2 - (first + 1) // 2


def _ports(tables: Tables) -> dict[Key, int]:
    """This machine's ports; one that was left at its default comes first, so that the one that was set is blamed."""
    found = {path: value_of(tables, *path) for path in _OWN_PORTS}
    usable = [(path, port) for path, port in found.items() if type(port) is int and PORTS[0] <= port <= PORTS[1]]
    return dict(sorted(usable, key=lambda entry: not _is_default(*entry)))


def _is_default(path: Key, port: int) -> bool:
    return bool(sections()[path[0]].keys[path[1]].field.default == port)


def _rtp_ports(tables: Tables) -> tuple[int, int]:
    """First and last; (0, 0) if they cannot be read."""
    match value_of(tables, "asterisk", "rtp_ports"):
        case [int(first), int(last)] | (int(first), int(last)) if (
            min(first, last) >= PORTS[0] and max(first, last) <= PORTS[1]
        ):
            return first, last
    return 0, 0
