"""The environment as a source of settings: `SIAGA112__REDIS__URL`, `SIAGA112__TRUNKS__TELKOM_A__PASSWORD`.

Two underscores part table, item and key. An item of a list goes by its name, in capitals, with `_` for all but letters
and digits. Text stands as it is; any other value is written as in TOML or JSON.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from siaga112.settings.problems import Path, Problem
from siaga112.settings.schema import Section, Tables, is_table, items, sections
from siaga112.settings.spelling import nearest

PREFIX = "SIAGA112__"
SOURCE = "environment"


@dataclass(slots=True)
class Overlay:
    """The tables with the environment's values in them."""

    tables: Tables
    variables: dict[Path, str] = field(default_factory=dict)
    """Which variable gave the value at a path."""
    problems: list[Problem] = field(default_factory=list)


def overlay(tables: Tables, environ: Mapping[str, str]) -> Overlay:
    """Put the values of `environ` over those of `tables`; a variable that is no key is a problem."""
    result = Overlay(tables)
    for name in sorted(name for name in environ if name.startswith(PREFIX)):
        variable = _parse(name, environ[name])
        if variable is None:
            result.problems.append(_unknown(name, tables))
        elif _is_broken(variable.text):
            result.problems.append(Problem(SOURCE, name, "is not UTF-8 text", "set it again"))
        else:
            _assign(result, variable)
    return result


def slug(name: str) -> str:
    """What the environment calls an item: `telkom-a` is `TELKOM_A`."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    section: Section
    item: str
    """The slug of an item; empty for a single table."""
    key: str
    text: str

    def means(self, table: Tables) -> bool:
        name = table.get(self.section.identity) if self.section.identity else ""
        return isinstance(name, str) and slug(name) == self.item


def _parse(name: str, text: str) -> _Variable | None:
    table, _, way = name.removeprefix(PREFIX).lower().partition("__")
    *item, key = way.split("__")
    section = sections().get(table)
    if section is None or section.is_list != bool(item) or key not in section.names:
        return None
    return _Variable(name, section, "__".join(item).upper(), key, text)


def _is_broken(text: str) -> bool:
    """True if the environment held bytes that are no text; Python passes them on as lone surrogates (PEP 383)."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _assign(result: Overlay, variable: _Variable) -> None:
    section = variable.section
    if not section.is_list:
        result.tables.setdefault(section.name, {})
    found = [(path, table) for path, table in items(result.tables, section) if variable.means(table)]
    if len(found) == 1:
        _replace(result, variable, *found[0])
    elif len(found) > 1:
        wrong = f"{variable.item} stands for {len(found)} [[{section.name}]]"
        right = "give them names that differ in letters or digits"
        result.problems.append(Problem(SOURCE, variable.name, wrong, right))
    elif not _has_nameless(result.tables, section):
        result.problems.append(_unknown(variable.name, result.tables))


def _has_nameless(tables: Tables, section: Section) -> bool:
    """True if what a variable means may be there, but is a mistake of the file, which is said."""
    value = tables.get(section.name, [])
    if not section.is_list or not isinstance(value, list):
        return True
    return any(not is_table(item) or not isinstance(item.get(section.identity or ""), str) for item in value)


def _replace(result: Overlay, variable: _Variable, path: Path, table: Tables) -> None:
    section, name = variable.section, variable.key
    twin = name.removesuffix("_file") if name not in section.keys else f"{name}_file"
    # The environment's password displaces the file's password_file too; both from the environment stay, and are said.
    if twin in section.names and (*path, twin) not in result.variables:
        table.pop(twin, None)
    is_text = name not in section.keys or section.keys[name].is_plain_text
    table[name] = variable.text if is_text else _value(variable.text)
    result.variables[*path, name] = variable.name


def _value(text: str) -> Any:
    """The value that `text` is in TOML or JSON; else `text` itself, which the check of its type then refuses."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        document = {}
    if document.keys() == {"value"}:
        return document["value"]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _unknown(variable: str, tables: Tables) -> Problem:
    meant = nearest(variable.removeprefix(PREFIX).lower(), (name.lower() for name in _known(tables)))
    right = (
        f"did you mean {PREFIX}{meant.upper()}?" if meant else f"write {PREFIX}TABLE__KEY or {PREFIX}TABLE__ITEM__KEY"
    )
    return Problem(SOURCE, variable, "is no key", right)


def _known(tables: Tables) -> list[str]:
    known: list[str] = []
    for section in sections().values():
        for _, table in items({section.name: {}, **tables}, section):
            item = f"__{slug(str(table.get(section.identity)))}" if section.identity else ""
            known += [f"{section.name}{item}__{name}" for name in section.names]
    return known
