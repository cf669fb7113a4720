"""What pydantic found in a menu file, in words: what is wrong and what would be right."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.menu.file import ItemTable, MenuDocument, MenuTable
from siaga112.settings.base import Table
from siaga112.settings.problems import Finding, Path
from siaga112.settings.spelling import nearest

_LONGEST_VALUE = 60
_LISTS: Mapping[str, type[Table]] = {"menus": MenuTable, "items": ItemTable}

Words = tuple[str, str]


def explain(error: ValidationError) -> list[Finding]:
    """A finding for each value that was refused."""
    return [_finding(details) for details in error.errors(include_url=False) if not _follows(details)]


def written(path: Path, tables: Mapping[str, Any]) -> str:
    """A path as people write it: `menus[utama].items[key 2].category`; `[#2]` for what has no name."""
    text, value = "", tables
    for part in path:
        if isinstance(part, int):
            text += f"[{_called(value, part)}]"
        else:
            text += f".{part}" if text else part
        value = _inside(value, part)
    return text


def _called(items: object, index: int) -> str:
    item = _inside(items, index)
    name, key = _inside(item, "name"), _inside(item, "key")
    if isinstance(name, str) and name:
        return name
    return f"key {key}" if isinstance(key, str) and key else f"#{index + 1}"


def _inside(value: object, part: str | int) -> Any:
    if isinstance(part, int):
        return value[part] if isinstance(value, list | tuple) and part < len(value) else None
    return value.get(part) if isinstance(value, dict) else None


def _follows(details: ErrorDetails) -> bool:
    """Whether it only follows from others: a list is too short for having lost what was refused in it."""
    return details["type"] == "too_short" and bool(details["input"])


def _finding(details: ErrorDetails) -> Finding:
    path: Path = tuple(part for part in details["loc"] if part != "[key]")
    wrong, right = _WORDS.get(details["type"], _anything)(details, path)
    return Finding(path, wrong, right)


def _shown(details: ErrorDetails) -> str:
    text = json.dumps(details["input"], ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def _table_of(path: Path) -> type[Table]:
    lists = [_LISTS[part] for part in path[:-1] if isinstance(part, str) and part in _LISTS]
    return lists[-1] if lists else MenuDocument


def _unknown(_: ErrorDetails, path: Path) -> Words:
    known = list(_table_of(path).model_fields)
    meant = nearest(str(path[-1]), known)
    return "unknown key", f'did you mean "{meant}"?' if meant else f"the keys here are {', '.join(known)}"


def _missing(_: ErrorDetails, path: Path) -> Words:
    return "is missing", f"write it: {_table_of(path).model_fields[str(path[-1])].description}"


def _own(details: ErrorDetails, _: Path) -> Words:
    return details["ctx"]["wrong"], details["ctx"]["right"]


def _choice(details: ErrorDetails, _: Path) -> Words:
    return f"{_shown(details)} is not known", f"write {details['ctx']['expected']}".replace("'", '"')


def _text(details: ErrorDetails, _: Path) -> Words:
    return f"{_shown(details)} is no text", "write text in quotes"


def _tables(details: ErrorDetails, path: Path) -> Words:
    name = next((part for part in reversed(path) if isinstance(part, str)), "menus")
    title = "menus.items" if name == "items" else name
    return f"{_shown(details)} is no table", f"write [[{title}]] above each one"


def _texts(details: ErrorDetails, path: Path) -> Words:
    example = '{ 1 = "id", 2 = "en" }' if path[-1] == "languages" else '{ id = "…", en = "…" }'
    return f"{_shown(details)} is no table", f"write {example}"


def _number(details: ErrorDetails, path: Path) -> Words:
    marks = _table_of(path).model_fields[str(path[-1])].metadata
    low, high = (next(getattr(mark, end) for mark in marks if hasattr(mark, end)) for end in ("ge", "le"))
    return f"{_shown(details)} cannot be used", f"write a whole number from {low} to {high}, without quotes"


def _no_menus(_: ErrorDetails, __: Path) -> Words:
    return "is empty", "write [[menus]] above each one, and at least one"


def _no_words(_: ErrorDetails, __: Path) -> Words:
    return "is empty", "write the words, or leave the key out"


def _anything(details: ErrorDetails, _: Path) -> Words:
    return f"{_shown(details)} cannot be used", details["msg"]


_WORDS: Mapping[str, Callable[[ErrorDetails, Path], Words]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "mistake": _own,
    "enum": _choice,
    "literal_error": _choice,
    "string_type": _text,
    "tuple_type": _tables,
    "model_type": _tables,
    "dict_type": _texts,
    "int_type": _number,
    "greater_than_equal": _number,
    "less_than_equal": _number,
    "too_short": _no_menus,
    "string_too_short": _no_words,
}
