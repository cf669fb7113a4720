"""The models read as a description of the file: which tables and keys there are, and what each key needs done to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeGuard, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from siaga112.settings.base import Item, Table
from siaga112.settings.kinds import Located, Numbered
from siaga112.settings.models import Settings

Tables = dict[str, Any]
"""What a TOML document holds."""


def is_table(value: object) -> TypeGuard[Tables]:
    """True for a table; its keys are texts."""
    return isinstance(value, dict)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one table."""

    name: str
    field: FieldInfo
    types: tuple[Any, ...]
    """Every type and mark in its annotation, from the outside in."""

    @property
    def is_secret(self) -> bool:
        """May be given as a file: `password_file` for `password`."""
        return SecretStr in self.types

    @property
    def is_plain_text(self) -> bool:
        """Its value is text as it stands; in the environment it needs no quotes."""
        first = self.types[0]
        return isinstance(first, type) and issubclass(first, str | SecretStr | Path | Enum)

    @property
    def located(self) -> Located | None:
        """How a path is found, for a path."""
        return next((mark for mark in self.types if isinstance(mark, Located)), None)

    @property
    def numbered(self) -> Numbered | None:
        """How a telephone number is read, for numbers and lists of them."""
        return next((mark for mark in self.types if isinstance(mark, Numbered)), None)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the file, or one list of tables."""

    name: str
    model: type[Table]
    keys: Mapping[str, Key]

    @property
    def identity(self) -> str | None:
        """The key that names an item of a list of tables; None for a single table."""
        return self.model.identity if issubclass(self.model, Item) else None

    @property
    def is_list(self) -> bool:
        """True for `[[name]]`, false for `[name]`."""
        return self.identity is not None

    @property
    def names(self) -> list[str]:
        """Every key that may stand in the file, the `_file` forms of secrets included."""
        return [*self.keys, *(f"{key.name}_file" for key in self.keys.values() if key.is_secret)]


@cache
def sections() -> Mapping[str, Section]:
    """The tables of the configuration by their names, in the file's order."""
    return {name: _section(name, field) for name, field in Settings.model_fields.items()}


def items(tables: Tables, section: Section) -> Iterator[tuple[tuple[str | int, ...], Tables]]:
    """Each table of `section` that `tables` has, with the way to it; what is no table is left out."""
    value = tables.get(section.name)
    if section.is_list and isinstance(value, list):
        for index, item in enumerate(value):
            if is_table(item):
                yield (section.name, index), item
    elif not section.is_list and is_table(value):
        yield (section.name,), value


def _section(name: str, field: FieldInfo) -> Section:
    model = next(t for t in _types(field) if isinstance(t, type) and issubclass(t, Table))
    keys = (
        Key(name=inner.alias or attribute, field=inner, types=tuple(_types(inner)))
        for attribute, inner in model.model_fields.items()
    )
    return Section(name=name, model=model, keys={key.name: key for key in keys})


def _types(field: FieldInfo) -> Iterator[Any]:
    yield from _unfold(field.annotation)
    yield from field.metadata


def _unfold(annotation: Any) -> Iterator[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _unfold(arguments[0])
        yield from arguments[1:]
        return
    if origin not in {None, Union, UnionType}:
        yield origin
    elif origin is None:
        yield annotation
    for argument in arguments:
        yield from _unfold(argument)
