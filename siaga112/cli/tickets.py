"""`tickets`: list, export, show, mark."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from siaga112.app import App
from siaga112.cli.actor import by_option
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.csv_rows import flat, print_csv
from siaga112.cli.listing import (
    LONGEST_LISTING,
    Code,
    Command,
    Since,
    listing_options,
    moment,
    print_one,
    print_rows,
)
from siaga112.cli.phones_told import tell_phones
from siaga112.cli.wrong_use import WrongUseError
from tickets.calls.marks import mark_ticket
from tickets.ticketing import TicketFilter, find, list_tickets
from tickets.views import view_history, view_ticket
from tickets.vocabulary import Channel, Mark, Status

EXPORTED = (
    "number",
    "created_at",
    "updated_at",
    "channel",
    "kind",
    "category",
    "priority",
    "status",
    "agencies",
    "reporter",
    "text",
    "place",
    "lat",
    "lon",
    "radius",
    "language",
    "call_id",
    "message_ids",
)
COLUMNS = ("number", "created_at", "channel", "category", "priority", "status", "agencies", "reporter", "text")


@click.group()
def tickets() -> None:
    """Tickets: what citizens reported."""


def _filter_options(command: Command) -> Command:
    for option in (
        click.option("--channel", type=Code(Channel)),
        click.option("--category", help="category code"),
        click.option("--status", type=Code(Status)),
        click.option("--since", type=Since(), help="2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d"),
    ):
        command = option(command)
    return command


@tickets.command("list")
@_filter_options
@listing_options
@pass_program
def list_(program: Program, /, *, limit: int, as_json: bool, **wanted: Any) -> None:
    """List tickets, newest first."""
    print_rows(_found(program, limit=limit, **wanted), as_json=as_json, columns=COLUMNS)


@tickets.command()
@_filter_options
@click.option("--json", "as_json", is_flag=True, help="an array of objects, newest first")
@pass_program
def export(program: Program, /, *, as_json: bool, **wanted: Any) -> None:
    """Print all tickets with every field as CSV, newest first, for a spreadsheet or statistics."""
    rows = _found(program, limit=LONGEST_LISTING, **wanted)
    if as_json:
        print_rows(rows, as_json=True, columns=COLUMNS)
    else:
        print_csv([flat(row) for row in rows], columns=EXPORTED)


def _found(
    program: Program,
    *,
    channel: Channel | None,
    category: str | None,
    status: Status | None,
    since: datetime | timedelta | None,
    limit: int,
) -> Sequence[Mapping[str, object]]:
    app = App(program.settings_to_read)
    wanted = TicketFilter(
        channel=channel,
        category=category,
        status=status,
        since=moment(since, datetime.now(UTC), app.settings.tz),
        limit=limit,
    )
    with told_in_one_line(), app.store as store, store.reading() as session:
        rows = [view_ticket(ticket, app.settings.tz).to_json() for ticket in list_tickets(session, wanted)]
        if not rows and category is not None:
            # One that was configured once may still have tickets.
            _require_category(app, category)
    return rows


def _require_category(app: App, code: str) -> None:
    codes = [category.code for category in app.settings.categories]
    if code not in codes:
        raise WrongUseError(f"no category {code!r} is configured; there are: {', '.join(codes)}")


@tickets.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, number: str, as_json: bool) -> None:
    """Show one ticket, all of it, with its history."""
    app = App(program.settings_to_read)
    with told_in_one_line(), app.store as store, store.reading() as session:
        ticket = find(session, number)
        row = view_ticket(ticket, app.settings.tz).to_json()
        history = [event.to_json() for event in view_history(ticket, app.settings.tz)]
    told = history if as_json else [" ".join(str(value) for value in event.values() if value) for event in history]
    print_one({**row, "history": told}, as_json=as_json)


@tickets.command()
@click.argument("number")
@click.argument("mark", metavar="|".join(Mark), type=Code(Mark))
@click.argument("original", metavar="[OF-NUMBER]", required=False)
@by_option
@pass_program
def mark(program: Program, number: str, mark: Mark, original: str | None, by: str) -> None:
    """Say what a report was; OF-NUMBER is the ticket that a duplicate repeats."""
    if original is None and mark is Mark.DUPLICATE:
        raise WrongUseError(f"a duplicate is one of another ticket; right would be: mark {number} {mark} OF-NUMBER")
    if original is not None and mark is not Mark.DUPLICATE:
        raise WrongUseError(f"only a duplicate is one of another ticket; right would be: mark {number} {mark}")
    app = App(program.settings)
    with told_in_one_line(), app.store as store:
        with store.transaction() as session:
            ticket = find(session, number)
            mark_ticket(
                session,
                ticket,
                mark,
                actor=by,
                at=datetime.now(UTC),
                context=app.call_context,
                original=find(session, original) if original is not None else None,
            )
        tell_phones(app, ticket.reporter)
    click.echo(f"ticket {ticket.number} is {ticket.status}")
