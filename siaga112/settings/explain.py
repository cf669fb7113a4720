"""What pydantic found, in words: what is wrong and what would be right."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from siaga112.settings.problems import Finding, Path
from siaga112.settings.schema import Key, sections

_LONGEST_VALUE = 80


def explain(error: ValidationError) -> list[Finding]:
    """A finding for each value that pydantic refused."""
    return [_finding(details) for details in error.errors(include_url=False) if details["type"] not in _CONSEQUENCES]


def _finding(details: ErrorDetails) -> Finding:
    path: Path = tuple(part for part in details["loc"] if part != "[key]")
    wrong, right = _WORDS.get(details["type"], _anything)(details, _key(path))
    return Finding(path, wrong, right)


def _key(path: Path) -> Key | None:
    section = sections()[str(path[0])]
    name = path[1 + section.is_list] if len(path) > 1 + section.is_list else None
    return section.keys.get(str(name))


def _shown(value: Any, key: Key | None) -> str:
    if key is not None and key.is_secret:
        return "its value"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


Words = tuple[str, str]


def _number(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} is no whole number", f"write a whole number{_bounds(key)}, without quotes"


def _out_of_range(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} is out of range", f"write a whole number{_bounds(key)}"


def _bounds(key: Key | None) -> str:
    bounds = {
        name: getattr(mark, name) for mark in (key.types if key else ()) for name in ("ge", "le") if hasattr(mark, name)
    }
    return f" from {bounds['ge']} to {bounds['le']}" if bounds.keys() >= {"ge", "le"} else ""


def _switch(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} is neither true nor false", "write true or false, without quotes"


def _text(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} is no text", "write text in quotes"


def _list(details: ErrorDetails, key: Key | None) -> Words:
    if key is None:
        name = details["loc"][0]
        return "is no list of tables", f"write [[{name}]] above each one"
    return f"{_shown(details['input'], key)} is no list", "write values in square brackets, [ ]"


def _table(details: ErrorDetails, key: Key | None) -> Words:
    name, *rest = details["loc"]
    wrong = f"{_shown(details['input'], key)} is no table"
    if key is not None:
        return wrong, 'write names and values in braces, { name = "value" }'
    return wrong, f"write [[{name}]] above each one" if rest else f"write [{name}] and its keys below"


def _missing(details: ErrorDetails, key: Key | None) -> Words:
    return "is missing", f"write it: {key.field.description if key else 'it has no default'}"


def _choice(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} is not known", f"write {details['ctx']['expected']}".replace("'", '"')


def _empty(details: ErrorDetails, key: Key | None) -> Words:
    return "is empty", "write at least one value, or leave the key out"


def _too_long(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} has too many values", f"write {details['ctx']['max_length']}"


def _own(details: ErrorDetails, key: Key | None) -> Words:
    return details["ctx"]["wrong"], details["ctx"]["right"]


def _anything(details: ErrorDetails, key: Key | None) -> Words:
    return f"{_shown(details['input'], key)} cannot be used", details["msg"]


# A default that is made from another value which was refused.
_CONSEQUENCES = frozenset({"default_factory_not_called"})

_WORDS: dict[str, Callable[[ErrorDetails, Key | None], Words]] = {
    "int_type": _number,
    "bool_type": _switch,
    "string_type": _text,
    "tuple_type": _list,
    "dict_type": _table,
    "model_type": _table,
    "missing": _missing,
    "enum": _choice,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "too_short": _empty,
    "string_too_short": _empty,
    "too_long": _too_long,
    "mistake": _own,
}
