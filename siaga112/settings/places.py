"""Values that mean something outside the file: secrets in files, paths, telephone numbers."""

import os
from pathlib import Path as FilePath
from typing import Any

import phonenumbers

from siaga112 import phone
from siaga112.settings.kinds import Kind, Numbered
from siaga112.settings.problems import Finding, Path
from siaga112.settings.schema import Key, Tables, items, sections

_LONGEST_SECRET = 65_536


def resolve(tables: Tables, base: FilePath) -> list[Finding]:
    """Read secrets, make paths absolute from `base` and numbers E.164, in place; what cannot be is a finding."""
    findings: list[Finding] = []
    country = _country(tables)
    for section in sections().values():
        if not section.is_list:
            tables.setdefault(section.name, {})
        for path, table in items(tables, section):
            for key in section.keys.values():
                findings += _read_secret(table, path, key, base)
                findings += _locate(table, path, key, base)
                findings += _normalise(table, path, key, country)
    return findings


def _read_secret(table: Tables, path: Path, key: Key, base: FilePath) -> list[Finding]:
    name = f"{key.name}_file"
    if not key.is_secret or name not in table:
        return []
    where, at = table.pop(name), (*path, name)
    if key.name in table:
        return [Finding(at, f"{key.name} is given too", f"keep either {key.name} or {name}")]
    if not isinstance(where, str) or not where:
        return [Finding(at, "is no path", "write the path of a file that holds nothing but the secret")]
    try:
        with (base / where).open("rb") as file:
            secret = file.read(_LONGEST_SECRET).decode().rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "not UTF-8 text"
        return [Finding(at, f'"{where}" cannot be read ({reason})', "write the path of a file that this user may read")]
    if not secret or not secret.isprintable():
        return [Finding(at, f'"{where}" is empty or has several lines', "put nothing but the secret on its only line")]
    table[key.name] = secret
    return []


def _locate(table: Tables, path: Path, key: Key, base: FilePath) -> list[Finding]:
    if key.located is None:
        return []
    value = table.get(key.name, key.field.default)
    if not isinstance(value, str | FilePath) or value == "":
        return []
    where = base / value
    table[key.name] = str(where)
    if _leads_to(where, key.located.kind):
        return []
    what = "file" if key.located.kind is Kind.FILE else "directory"
    return [
        Finding((*path, key.name), f'"{where}" is no {what} that can be read', 'write the path of one, or "" for none')
    ]


def _leads_to(where: FilePath, kind: Kind) -> bool:
    try:
        match kind:
            case Kind.FILE:
                return where.is_file() and os.access(where, os.R_OK)
            case Kind.DIRECTORY:
                return where.is_dir() and os.access(where, os.R_OK | os.X_OK)
            case Kind.NEW:
                return True
    except (OSError, ValueError):
        return False


def _normalise(table: Tables, path: Path, key: Key, country: str) -> list[Finding]:
    if key.numbered is None or key.name not in table:
        return []
    at, value = (*path, key.name), table[key.name]
    named: list[tuple[str | int, Any]] = []
    match value:
        case list():
            named = list(enumerate(value))
            table[key.name] = [_e164(number, country) for number in value]
        case dict():
            named = list(value.items())
            table[key.name] = {name: _e164(number, country) for name, number in value.items()}
        case _:
            table[key.name] = _e164(value, country)
    each = [((*at, name), number) for name, number in named] or [(at, value)]
    right = 'write it with its country code, such as "+628123450001"'
    return [
        Finding(where, f'"{number}" is no telephone number', right)
        for where, number in each
        if isinstance(number, str) and not _is_usable(number, country, key.numbered)
    ]


def _e164(number: Any, country: str) -> Any:
    return phone.normalise(number, country) if isinstance(number, str) else number


def _is_usable(number: str, country: str, numbered: Numbered) -> bool:
    """Whether one may be left out, and what a short code or name looks like, is the field's to say."""
    may_be_short = numbered.short and not number.startswith("+")
    return not number or may_be_short or phone.is_subscriber(number, country)


def _country(tables: Tables) -> str:
    site = tables.get("site")
    country = site.get("country") if isinstance(site, dict) else None
    return country if isinstance(country, str) and country in phonenumbers.SUPPORTED_REGIONS else "ID"
