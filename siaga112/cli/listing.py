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

Command = TypeVar("Command", bound=Callable[..., Any])

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def listing_options(command: Command) -> Command:
    """Add ``--limit`` and ``--json``."""
    command = click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="how many")(
        command
    )
    return click.option("--json", "as_json", is_flag=True, help="an array of objects, newest first")(command)


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool, columns: Sequence[str]) -> None:
    """Print every field as JSON, or the named columns as a table for people."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row[column])) for column in columns))
    # Without a terminal there is no width to keep to: a script that reads the table gets whole lines.
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 250, highlight=False).print(table)


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
        if value[:-1].isdecimal() and value[-1] in _UNITS:
            return int(value[:-1]) * _UNITS[value[-1]]
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment: write 2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d", param, ctx)


def moment(since: datetime | timedelta | None, now: datetime, zone: tzinfo) -> datetime | None:
    """What ``--since`` means, as an aware time: a date without an offset is local to the site."""
    if since is None:
        return None
    if isinstance(since, timedelta):
        return now - since
    return since if since.tzinfo else since.replace(tzinfo=zone)
