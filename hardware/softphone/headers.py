"""SIP header fields: ordered, case-blind, with compact names understood (RFC 3261 section 7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Header = tuple[str, str]

# RFC 3261 section 7.3.3 and the IANA registry of SIP header fields.
_COMPACT_NAMES = {
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}

# Fields whose grammar is a comma-separated list, so that several may share one line (section 7.3.1).
_LISTS = frozenset(
    {"allow", "contact", "p-asserted-identity", "record-route", "require", "route", "supported", "unsupported", "via"}
)


def canonical(name: str) -> str:
    """The lower-case long form of a header name."""
    lowered = name.strip().lower()
    return _COMPACT_NAMES.get(lowered, lowered)


def split_list(value: str) -> list[str]:
    """Split at the commas that stand outside quotes and angle brackets."""
    return [item for item in (part.strip() for part in split_outside_quotes(value, ",")) if item]


def split_outside_quotes(value: str, separator: str) -> Iterator[str]:
    """Split at a separator that stands outside quoted strings and `<...>`."""
    start, quoted, depth, escaped = 0, False, 0, False
    for index, char in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "<>":
            depth = 1 if char == "<" else 0
        elif char == separator and not depth:
            yield value[start:index]
            start = index + 1
    yield value[start:]


@dataclass(frozen=True)
class Headers:
    """The header fields of one message, in the order of the wire."""

    fields: tuple[Header, ...] = ()

    def first(self, name: str) -> str | None:
        """The value of the first such field; a list field's first item."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field; list fields are split into their items."""
        wanted = canonical(name)
        values = [value for field, value in self.fields if canonical(field) == wanted]
        if wanted not in _LISTS:
            return tuple(values)
        return tuple(item for value in values for item in split_list(value))

    def on_top(self, *fields: Header) -> Headers:
        """More fields, then these: where a new Via belongs (section 8.1.1.7)."""
        return Headers(fields + self.fields)
