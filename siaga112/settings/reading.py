"""Values out of tables that may be wrong anywhere."""

from collections.abc import Iterator
from typing import Any

from siaga112.settings.problems import Path
from siaga112.settings.schema import Tables, is_table, items, sections


def values(tables: Tables, table: str, key: str) -> Iterator[tuple[Path, Any]]:
    """The values of `key` in every item of a list of tables, copies of an item left out: they are one mistake."""
    section = sections()[table]
    seen: set[str] = set()
    for path, item in items(tables, section):
        name = item.get(section.identity or "")
        is_copy = isinstance(name, str) and name in seen
        if key == section.identity or not is_copy:
            yield (*path, key), item.get(key)
        if isinstance(name, str):
            seen.add(name)


def value_of(tables: Tables, table: str, key: str) -> Any:
    """The value of `table.key`, its default if it is not set; None if it is of no use."""
    values = tables.get(table, {})
    return values.get(key, sections()[table].keys[key].field.default) if is_table(values) else None
