"""What is wrong with a configuration, in lines that a person can act on."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The way to a value: table, place in a list of tables, key. `("trunks", 0, "host")`."""

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. Its text is one line: source, key, what is wrong, what would be right."""

    source: str
    """The file, or `environment`."""
    key: str
    """`asterisk.sip_port`, `trunks[telkom-a].host`, a variable's name, or a line of the file."""
    wrong: str
    right: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (_plain(self.source), _plain(self.key), f"{_plain(self.wrong)}; {self.right}")))


class ConfigurationError(Exception):
    """The configuration cannot be used. The program starts nothing, prints every problem and exits with status 2."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake at a value, before it is known how file and environment call that value."""

    path: Path
    wrong: str
    right: str

    def concerns(self, other: "Finding") -> bool:
        """True if one of the two values is the other or a part of it."""
        shorter = min(len(self.path), len(other.path))
        return self.path[:shorter] == other.path[:shorter]


def _plain(text: str) -> str:
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)
