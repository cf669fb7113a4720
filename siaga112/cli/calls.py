"""`calls`: list."""

from datetime import UTC, datetime, timedelta

import click

from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import Code, Since, listing_options, moment, print_rows
from tickets.calls.merging import CallFilter, list_calls
from tickets.views import view_call
from tickets.vocabulary import Direction, Outcome

COLUMNS = ("id", "started_at", "direction", "caller", "called", "trunk", "category", "operator", "outcome", "ticket")


@click.group()
def calls() -> None:
    """Calls to the emergency number, and those that operators made."""


@calls.command("list")
@click.option("--outcome", type=Code(Outcome))
@click.option("--direction", type=Code(Direction))
@click.option("--since", type=Since(), help="2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d")
@listing_options
@pass_program
def list_(
    program: Program,
    *,
    outcome: Outcome | None,
    direction: Direction | None,
    since: datetime | timedelta | None,
    limit: int,
    as_json: bool,
) -> None:
    """List calls, newest first."""
    app = App(program.settings_to_read)
    after = moment(since, datetime.now(UTC), app.settings.tz)
    wanted = CallFilter(outcome=outcome, direction=direction, since=after, limit=limit)
    with told_in_one_line(), app.store as store, store.reading() as session:
        rows = [view_call(call, app.settings.tz).to_json() for call in list_calls(session, wanted)]
    print_rows(rows, as_json=as_json, columns=COLUMNS)
