"""Column types: UTC times, text from strangers, closed sets."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAME_LENGTH = 200
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out. SQLite keeps no offset: a naive value would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a naive time is a ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without an offset cannot be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored time its UTC offset (SQLite) or bring it back to UTC (PostgreSQL session zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ForeignText(TypeDecorator[str]):
    """Text of any length as a stranger sent it. NUL and lone surrogates, which no database keeps, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make the text storable on every database, the same way on each."""
        return None if value is None else storable(value)


class ForeignName(TypeDecorator[str]):
    """A number or name as a stranger sent it, cut at 200 characters.

    Uncut, a hostile caller ID of some kilobytes would be an index entry that PostgreSQL refuses.
    """

    impl = String(NAME_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make the name storable and short; comparisons see the same value."""
        return None if value is None else name_kept(value)


def name_kept(text: str) -> str:
    """`text` as `ForeignName` stores it."""
    return storable(text)[:NAME_LENGTH]


def storable(text: str) -> str:
    """`text` with surrogate pairs joined, and NUL and lone surrogates replaced."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", REPLACEMENT)


def coded(kind: type[StrEnum]) -> Enum:
    """A closed set, stored as its values in plain text, so that a new value needs no migration."""

    def values(members: Any) -> list[str]:
        return [member.value for member in members]

    return Enum(kind, native_enum=False, create_constraint=False, length=20, values_callable=values)
