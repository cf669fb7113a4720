"""`tickets`: list, show."""

from datetime import UTC, datetime, timedelta

import click

from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import Code, Since, listing_options, moment, print_one, print_rows
from tickets.ticketing import TicketFilter, find, list_tickets
from tickets.views import view_ticket
from tickets.vocabulary import Channel, Status

COLUMNS = ("number", "created_at", "channel", "category", "priority", "status", "agencies", "reporter", "text")


@click.group()
def tickets() -> None:
    """Tickets: what citizens reported."""


@tickets.command("list")
@click.option("--channel", type=Code(Channel))
@click.option("--category", help="category code")
@click.option("--status", type=Code(Status))
@click.option("--since", type=Since(), help="2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d")
@listing_options
@pass_program
def list_(
    program: Program,
    *,
    channel: Channel | None,
    category: str | None,
    status: Status | None,
    since: datetime | timedelta | None,
    limit: int,
    as_json: bool,
) -> None:
    """List tickets, newest first."""
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
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@tickets.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, number: str, as_json: bool) -> None:
    """Show one ticket, all of it."""
    app = App(program.settings_to_read)
    with told_in_one_line(), app.store as store, store.reading() as session:
        row = view_ticket(find(session, number), app.settings.tz).to_json()
    print_one(row, as_json=as_json)
