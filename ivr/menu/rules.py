"""What a menu file may not say, however each value looks by itself.

The rules read the tables as they were written, so that they find their faults beside those of single values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.menu.menu import MOST_LEVELS, OPERATOR_KEY
from siaga112.settings import Settings
from siaga112.settings.problems import Finding, Path
from siaga112.settings.spelling import nearest

_KINDS = ("category", "menu", "information")


@dataclass(frozen=True, slots=True)
class _Item:
    path: Path
    table: dict[str, Any]

    def text(self, key: str) -> str:
        """A value that is a text, else ""."""
        value = self.table.get(key)
        return value if isinstance(value, str) else ""

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in _KINDS if kind in self.table]


@dataclass(frozen=True, slots=True)
class _Menu:
    path: Path
    name: str
    items: tuple[_Item, ...]


def check(tables: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    """Every rule that `tables` breaks."""
    menus = tuple(_menus(tables))
    for menu in menus:
        for item in menu.items:
            yield from _kind(item)
            yield from _known(item, menus, settings)
            yield from _said(item)
        yield from _keys(menu, tables)
    yield from _names(menus)
    yield from _control_keys(tables)
    yield from _languages(tables, settings)
    yield from _depth(menus, asked=bool(tables.get("languages")) or settings.ivr.language_menu)


def _menus(tables: dict[str, Any]) -> Iterator[_Menu]:
    for index, table in _tables(tables.get("menus")):
        path: Path = ("menus", index)
        items = tuple(_Item((*path, "items", at), item) for at, item in _tables(table.get("items")))
        name = table.get("name")
        yield _Menu(path, name if isinstance(name, str) else "", items)


def _tables(value: object) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(value, list):
        yield from ((index, table) for index, table in enumerate(value) if isinstance(table, dict))


def _kind(item: _Item) -> Iterator[Finding]:
    if not item.kinds:
        yield Finding(item.path, "leads nowhere", "write category, menu or information")
    elif len(item.kinds) > 1:
        yield Finding(item.path, f"has {' and '.join(item.kinds)}", "keep one of them; give the other a key of its own")


def _known(item: _Item, menus: Iterable[_Menu], settings: Settings) -> Iterator[Finding]:
    codes = [category.code for category in settings.categories]
    names = [menu.name for menu in menus if menu.name]
    for kind, known, where in (("category", codes, "[[categories]]"), ("menu", names, "[[menus]]")):
        name = item.text(kind)
        if name and name not in known:
            meant = nearest(name, known)
            right = f'did you mean "{meant}"?' if meant else f"write one of {', '.join(known)}"
            yield Finding((*item.path, kind), f'"{name}" is in no {where}', right)


def _said(item: _Item) -> Iterator[Finding]:
    if item.kinds in (["menu"], ["information"]) and "say" not in item.table:
        yield Finding((*item.path, "say"), "is missing", 'write what is said for the key: { id = "…", en = "…" }')
    if item.kinds == ["information"] and "text" not in item.table:
        yield Finding((*item.path, "text"), "is missing", 'write the information: { id = "…", en = "…" }')
    if item.kinds and "information" not in item.kinds:
        for key in ("text", "then"):
            if key in item.table:
                yield Finding((*item.path, key), "is for information only", "remove it")


def _keys(menu: _Menu, tables: dict[str, Any]) -> Iterator[Finding]:
    control = {key: name for name in ("operator", "repeat") if isinstance(key := _control(tables, name), str) and key}
    counts = Counter(item.text("key") for item in menu.items)
    first: set[str] = set()
    for item in menu.items:
        key = item.text("key")
        if key in control:
            yield Finding((*item.path, "key"), f'"{key}" is the {control[key]} key', "take another one")
        elif counts[key] > 1 and key in first:
            yield Finding((*item.path, "key"), f'"{key}" is used twice in this menu', "give each a key of its own")
        if key:
            first.add(key)


def _control(tables: dict[str, Any], name: str) -> Any:
    return tables.get(name, OPERATOR_KEY if name == "operator" else "")


def _control_keys(tables: dict[str, Any]) -> Iterator[Finding]:
    if _control(tables, "repeat") == _control(tables, "operator"):
        yield Finding(("repeat",), f'"{_control(tables, "repeat")}" is the operator key', "take another one")


def _names(menus: Iterable[_Menu]) -> Iterator[Finding]:
    seen: set[str] = set()
    for menu in menus:
        if menu.name in seen:
            yield Finding((*menu.path, "name"), f'"{menu.name}" is the name of two menus', "name each differently")
        if menu.name:
            seen.add(menu.name)


def _languages(tables: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    asked = tables.get("languages")
    spoken = [language.value for language in settings.site.languages]
    for key, language in asked.items() if isinstance(asked, dict) else ():
        if isinstance(language, str) and language not in spoken:
            right = f"write one of {', '.join(spoken)}, or add it there"
            yield Finding(("languages", key), f'"{language}" is not in [site] languages', right)
        if key == _control(tables, "operator"):
            yield Finding(("languages", key), f'"{key}" is the operator key', "take another one")


def _depth(menus: tuple[_Menu, ...], *, asked: bool) -> Iterator[Finding]:
    """Whoever follows the longest way must reach a human after `MOST_LEVELS` choices; a circle has no end at all."""
    by_name = {menu.name: menu for menu in reversed(menus) if menu.name}
    if menus:
        yield from _follow(menus[0], (*(["languages"] if asked else []), menus[0].name), by_name, asked=asked)


def _follow(menu: _Menu, way: tuple[str, ...], by_name: Mapping[str, _Menu], *, asked: bool) -> Iterator[Finding]:
    for item in menu.items:
        name = item.text("menu")
        if name not in by_name:
            continue
        if len(way) == MOST_LEVELS or name in way:
            yield Finding((*item.path, "menu"), _too_deep((*way, name), asked=asked), _FLATTER)
        else:
            yield from _follow(by_name[name], (*way, name), by_name, asked=asked)


_FLATTER = f"a human comes after {MOST_LEVELS} choices at most: put its keys into the menu before"


def _too_deep(way: tuple[str, ...], *, asked: bool) -> str:
    steps = " > ".join(way)
    if len(set(way)) < len(way):
        return f"leads round in a circle ({steps})"
    return f"is choice {len(way)} ({steps}{'; the language is one too' if asked else ''})"
