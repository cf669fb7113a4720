"""What a person answered to `init`, written into the commented template."""

import json
import re
import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from siaga112.settings import compose, template
from siaga112.settings.checks import split_host_port

FIRST_EXTENSION = 1001
LONGEST_ROW = 99
"""Operators that the numbers 1001 to 1099 can name."""


@dataclass(frozen=True, slots=True)
class TrunkAnswer:
    """The first line from a telecom operator; with a user it is logged in to, else known by its address."""

    host: str
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of the city; None leaves what the template shows.

    Attributes:
        has_trunk: False leaves the template's trunk out; `trunk` says what it is.
        modems: their ports; () leaves the template's modem out.
    """

    name: str | None = None
    code: str | None = None
    has_trunk: bool = True
    trunk: TrunkAnswer | None = None
    operators: int | None = None
    modems: tuple[str, ...] | None = None
    state_dir: Path | None = None

    def text(self) -> str:
        """The file."""
        written = template()
        for table, key, value in self._values():
            written = _with_value(written, table, key, value)
        if not self.has_trunk:
            written = _without(written, "trunks")
        if self.modems == ():
            written = _without(written, "modems")
        written = _after_item(written, "operators", self._more_operators())
        return _after_item(written, "modems", self._more_modems())

    def require_sound(self, file: Path) -> None:
        """Raise `ConfigurationError` with everything that is wrong with them."""
        compose(tomllib.loads(self.text()), str(file), file.absolute().parent, {})

    def _values(self) -> Iterator[tuple[str, str, str | bool]]:
        for key, value in (("name", self.name), ("code", self.code)):
            if value is not None:
                yield "site", key, value
        if self.state_dir is not None:
            yield "site", "state_dir", str(self.state_dir.absolute())
        if self.modems:
            yield "modems", "port", self.modems[0]
        if self.trunk is not None:
            yield from _trunk_values(self.trunk)

    def _more_operators(self) -> str:
        return "".join(_operator(number) for number in range(2, (self.operators or 1) + 1))

    def _more_modems(self) -> str:
        rest = enumerate((self.modems or ())[1:], start=2)
        return "".join(f'\n[[modems]]\nname = "modem-{number}"\nport = {_toml(port)}\n' for number, port in rest)


def _trunk_values(trunk: TrunkAnswer) -> Iterator[tuple[str, str, str | bool]]:
    yield "trunks", "host", trunk.host
    if trunk.username:
        yield "trunks", "register", True
        yield "trunks", "username", trunk.username
        yield "trunks", "password", trunk.password
    host = (split_host_port(trunk.host) or (trunk.host, None))[0]
    if not _is_loopback(host):
        # On loopback, which is the default, no call of this trunk would ever arrive.
        yield "asterisk", "bind", "::" if ":" in host else "0.0.0.0"  # noqa: S104 - the trunk is outside


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _operator(number: int) -> str:
    extension = FIRST_EXTENSION + number - 1
    secret = secrets.token_urlsafe(12)
    return f'\n[[operators]]\nextension = "{extension}"\nname = "Operator {number}"\nsecret = "{secret}"\n'


def _toml(value: str | bool) -> str:
    """A JSON string is a TOML basic string (TOML 1.0, "String"); so are the two truth values."""
    return json.dumps(value, ensure_ascii=False)


def _span(text: str, table: str) -> tuple[int, int]:
    """Where a table stands, from its heading to the blank line that ends it."""
    start = re.search(rf"(?m)^\[{{1,2}}{table}\]", text)
    if start is None:
        raise LookupError(f"the template has no [{table}]")
    return start.start(), text.index("\n\n", start.start()) + 1


def _with_value(text: str, table: str, key: str, value: str | bool) -> str:
    """`text` with another value at a key; the comment beside it stays where it was if there is room."""
    begin, end = _span(text, table)

    def written(line: re.Match[str]) -> str:
        return f"{key} = {_toml(value).ljust(len(line[1]) - 1)} {line[2] or ''}".rstrip()

    block = re.sub(rf"(?m)^{key} = ((?:\"[^\"]*\"|[^\s\"]+) *)(#.*)?$", written, text[begin:end], count=1)
    return text[:begin] + block + text[end:]


def _without(text: str, table: str) -> str:
    """`text` with the example of a list as a comment."""
    begin, end = _span(text, table)
    return text[:begin] + re.sub(r"(?m)^(?=.)", "# ", text[begin:end]) + text[end:]


def _after_item(text: str, table: str, more: str) -> str:
    if not more:
        return text
    _, end = _span(text, table)
    return text[:end] + more + text[end:]
