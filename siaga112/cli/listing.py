"""Listings: the options that all of them take, and the two ways in which they are printed."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from siaga112.cli.wrong_use import WholeNumber

Command = TypeVar("Command", bound=Callable[..., Any])

LONGEST_LISTING = 1_000_000

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_YEARS = range(1970, 9000)
"""Of a moment; near the ends of the calendar a time zone would lead out of it."""

_LONGEST_AGO = timedelta(days=100 * 365)


def listing_options(command: Command) -> Command:
    """Add ``--limit`` and ``--json``."""
    command = click.option(
        "--limit", type=WholeNumber(1, LONGEST_LISTING), default=100, show_default=True, help="how many"
    )(command)
    return click.option("--json", "as_json", is_flag=True, help="an array of objects, newest first")(command)


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool, columns: Sequence[str]) -> None:
    """Print every field as JSON, or the named columns as a table for people."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    heading = [column.replace("_", " ") for column in columns]
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    if sys.stdout.isatty():
        _print_table(heading, cells)
    else:
        _print_lines([heading, *cells])


def _print_table(heading: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in heading:
        table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout, highlight=False).print(table)


def _print_lines(lines: Sequence[Sequence[str]]) -> None:
    """For `grep` and `less -S`: a row is one line, however long."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_one(row: Mapping[str, object], *, as_json: bool) -> None:
    """Print one object, field by field."""
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    width = max(len(key) for key in row)
    for key, value in row.items():
        click.echo(f"{key:<{width}}  {_cell(value)}")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    # A text from outside must not move the cursor or start a line of its own.
    return "".join(character if character.isprintable() else " " for character in str(value))


class Code(click.ParamType[StrEnum]):
    """One of a closed set, written as the surface writes it: `sms`, not `SMS`."""

    def __init__(self, codes: type[StrEnum]) -> None:
        self.name = "|".join(codes)
        self._codes = codes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> StrEnum:
        """Read the option."""
        try:
            return self._codes(value)
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(self._codes)}", param, ctx)


class Since(click.ParamType[datetime | timedelta]):
    """A moment (``2026-11-21``, ``2026-11-21T08:00``, with an offset if wanted) or how long ago (``30m``, ``2h``)."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | timedelta:
        """Read the option; the site's time zone is added by `moment`."""
        if isinstance(value, datetime | timedelta):
            return value
        try:
            length = _length(value)
            meant = datetime.fromisoformat(value) if length is None else length
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment: write 2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d", param, ctx)
        if isinstance(meant, timedelta) and meant > _LONGEST_AGO:
            self.fail(f"{value!r} is more than a hundred years ago", param, ctx)
        if isinstance(meant, datetime) and meant.year not in _YEARS:
            self.fail(f"{value!r} is in a year outside {_YEARS.start} to {_YEARS.stop - 1}", param, ctx)
        return meant


def _length(value: str) -> timedelta | None:
    return int(value[:-1]) * _UNITS[value[-1]] if value[:-1].isdecimal() and value[-1] in _UNITS else None


def moment(since: datetime | timedelta | None, now: datetime, zone: tzinfo) -> datetime | None:
    """What ``--since`` means, as an aware time: a date without an offset is local to the site."""
    if since is None:
        return None
    if isinstance(since, timedelta):
        return now - since
    return since if since.tzinfo else since.replace(tzinfo=zone)
