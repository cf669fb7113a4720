"""A form as Twilio posts it (application/x-www-form-urlencoded): names with their values, each one value at least."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode

MOST_FIELDS = 500
"""Twilio sends some thirty; who sends more wants to keep us busy."""


class Form(Mapping[str, str]):
    """The fields of one post; a name's value is its first."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    @classmethod
    def parse(cls, body: bytes) -> "Form":
        """Read the body of a post. Total: what is no UTF-8 becomes U+FFFD, a form of too many fields is empty."""
        values: dict[str, list[str]] = {}
        if body.count(b"&") < MOST_FIELDS:
            for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"):
                values.setdefault(name, []).append(value)
        return cls(values)

    @classmethod
    def of(cls, **fields: str) -> "Form":
        """A form of one value a name."""
        return cls({name: [value] for name, value in fields.items()})

    def encode(self) -> str:
        """The form as a body that `parse` reads."""
        return urlencode(self._values, doseq=True)

    def getlist(self, name: str) -> list[str]:
        """Every value of a name; RequestValidator asks by this method's name."""
        return self._values.get(name, [])

    def __getitem__(self, name: str) -> str:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
