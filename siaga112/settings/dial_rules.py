"""What operators' phones dial means one thing only: feature codes, extensions, numbers outside."""

from collections.abc import Iterator
from typing import Any

from siaga112.settings.problems import Finding, Path
from siaga112.settings.reading import value_of, values
from siaga112.settings.schema import Tables, is_table, sections


def feature_codes_are_apart(tables: Tables) -> Iterator[Finding]:
    """No two codes are the same, and none begins with another: a key pad would act on the shorter one at once."""
    codes = [(name, value_of(tables, "features", name)) for name in sections()["features"].keys]
    known = [(name, code) for name, code in codes if isinstance(code, str) and code]
    for place, (name, code) in enumerate(known):
        twin = next((other for other, earlier in known[:place] if earlier == code), None)
        if twin is not None:
            yield Finding(("features", name), f'"{code}" is features.{twin} too', "give each a code of its own")
            continue
        shorter = next(((other, begin) for other, begin in known if code != begin and code.startswith(begin)), None)
        if shorter is not None:
            wrong = f'"{code}" begins with "{shorter[1]}", which is features.{shorter[0]}'
            yield Finding(("features", name), wrong, "write codes of which none begins with another")


def dialled_numbers_are_apart(tables: Tables) -> Iterator[Finding]:
    """An extension, a number outside and the city's own number are three things."""
    number = value_of(tables, "site", "number")
    extensions = {extension for _, extension in values(tables, "operators", "extension") if isinstance(extension, str)}
    for path, extension in values(tables, "operators", "extension"):
        if isinstance(extension, str) and extension and extension == number:
            yield Finding(path, f'"{extension}" is the emergency number', 'write another extension, such as "1001"')
    for path, outside in values(tables, "agencies", "phone"):
        if isinstance(outside, str) and outside and outside == number:
            wrong = f'"{outside}" is the number that citizens dial here'
            yield Finding(path, wrong, "write the one that reaches them")
    for path, outside in _outside(tables):
        if isinstance(outside, str) and outside in extensions:
            yield Finding(path, f'"{outside}" is the extension of an operator', "give the operator another extension")


def _outside(tables: Tables) -> Iterator[tuple[Path, Any]]:
    yield from values(tables, "agencies", "phone")
    neighbours = value_of(tables, "routing", "neighbours")
    if is_table(neighbours):
        yield from ((("routing", "neighbours", name), phone) for name, phone in neighbours.items())
