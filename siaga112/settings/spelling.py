"""Keys that nobody knows: said once, with the key that was probably meant.

A misspelt key is put in the place of the one that was meant, so that one slip does not come back as a missing key, a
category without its agency, and so on. What stands there is then read for the checks of other keys only.
"""

import difflib
from collections.abc import Iterable

from siaga112.settings.problems import Finding, Path
from siaga112.settings.schema import Section, Tables, items, sections

_LIKENESS = 0.7
"""From here on (`difflib` ratio) two names are taken for one and a slip."""


def correct(tables: Tables) -> tuple[Tables, list[Finding], set[Path]]:
    """`tables` with known keys only, a finding for every other one, and the ways to values that changed their key."""
    findings: list[Finding] = []
    moved: set[Path] = set()
    known = _known_only(tables, (), sections(), findings, moved)
    for section in sections().values():
        for path, table in list(items(known, section)):
            _put(known, path, _known_only(table, path, section.names, findings, moved))
    return known, findings, moved


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `name` is probably a slip of."""
    close = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=_LIKENESS)
    return close[0] if close else None


def _known_only(table: Tables, path: Path, names: Iterable[str], findings: list[Finding], moved: set[Path]) -> Tables:
    names = list(names)
    known = {name: value for name, value in table.items() if name in names}
    for name, value in table.items():
        if name in names:
            continue
        meant = nearest(name, names)
        findings.append(Finding((*path, name), "unknown key", _advice(name, meant, path, names)))
        if meant is not None and meant not in table and meant not in known:
            known[meant] = value
            moved.add((*path, meant))
    return known


def _advice(name: str, meant: str | None, path: Path, names: list[str]) -> str:
    if meant is not None:
        return f'did you mean "{meant}"?'
    homes = [_title(section) for section in sections().values() if name in section.names]
    if homes:
        return f'"{name}" belongs in {" or ".join(homes)}'
    what = "tables" if not path else "keys"
    return f"the {what} here are {', '.join(names)}"


def _title(section: Section) -> str:
    return f"[[{section.name}]]" if section.is_list else f"[{section.name}]"


def _put(tables: Tables, path: Path, table: Tables) -> None:
    match path:
        case (str(name),):
            tables[name] = table
        case (str(name), int(index)):
            tables[name] = [*tables[name][:index], table, *tables[name][index + 1 :]]
