"""Rows as CSV (RFC 4180), for spreadsheets."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence

# A spreadsheet would take what begins so for a formula, and these texts come from outside.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_csv(rows: Iterable[Mapping[str, object]], *, columns: Sequence[str]) -> None:
    """Print the named columns under a heading; lists are joined by spaces, what is not there is empty."""
    lines = csv.writer(sys.stdout)
    lines.writerow(columns)
    lines.writerows([_cell(row[column]) for column in columns] for row in rows)


def flat(row: Mapping[str, object]) -> Mapping[str, object]:
    """The same with a place on the map in columns of its own: degrees (WGS 84), radius in metres."""
    place = row["location"]
    return {**row, **(place if isinstance(place, Mapping) else dict.fromkeys(("lat", "lon", "radius")))}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    text = str(value)
    is_text = isinstance(value, str) and not text.removeprefix("+").isdigit()
    return f"'{text}" if is_text and text.startswith(_FORMULA) else text
