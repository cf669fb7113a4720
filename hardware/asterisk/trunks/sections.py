"""The sections of a file that we wrote for Asterisk: what it was told, to hold against what it took."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One `[name]` of pjsip.conf; `options` may name an option more than once, as `match` is."""

    name: str
    kind: str
    options: tuple[tuple[str, str], ...]

    def values(self) -> dict[str, list[str]]:
        """Every option but the kind, with all its values in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for key, value in self.options:
            found[key].append(value)
        return dict(found)


def sections(text: str) -> Iterator[Section]:
    """The sections of a rendered file, in order; `\\;` in a value is the semicolon that is meant."""
    name = ""
    options: list[tuple[str, str]] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            if name:
                yield _section(name, options)
            name, options = line[1:-1], []
        elif name and "=" in line and not line.startswith(";"):
            key, _, value = line.partition("=")
            options.append((key.strip(), value.strip().replace("\\;", ";")))
    if name:
        yield _section(name, options)


def _section(name: str, options: list[tuple[str, str]]) -> Section:
    kind = dict(options).get("type", "")
    return Section(name, kind, tuple((key, value) for key, value in options if key != "type"))
