"""`callbacks`: list, clear."""

from datetime import UTC, datetime

import click

from siaga112.app import App
from siaga112.cli.actor import by_option
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import Code, listing_options, print_rows
from siaga112.cli.phones_told import tell_phones
from siaga112.cli.wrong_use import ROW_ID
from siaga112.phone import CallBar, call_bar
from siaga112.settings import Settings
from tickets.calls.callback_views import CallbackView, view_callback
from tickets.calls.callbacks import CallbackFilter, clear_callback, list_callbacks
from tickets.vocabulary import CallbackState

COLUMNS = ("id", "number", "calls", "last_at", "cut", "attempts", "place", "location", "ticket", "state", "barred")

BARRED = (
    "of these are not called back from the phones: the number may be forged, so that the call pays somebody; "
    "[routing] callback_countries names the foreign countries that are"
)


@click.group()
def callbacks() -> None:
    """Callers whom nobody has spoken with, to be called back."""


@callbacks.command("list")
@click.option(
    "--state", type=Code(CallbackState), default=CallbackState.WAITING.value, show_default=True, help="which entries"
)
@listing_options
@pass_program
def list_(program: Program, state: CallbackState, limit: int, as_json: bool) -> None:
    """List who waits for a call, first to call first: who was cut off, then who has waited longest."""
    app = App(program.settings_to_read)
    with told_in_one_line(), app.store as store, store.reading() as session:
        found = list_callbacks(session, CallbackFilter(state=state, limit=limit))
        views = [view_callback(entry, app.settings.tz) for entry in found]
    bars = [_bar(app.settings, view) for view in views]
    rows = [{**view.to_json(), "barred": bar and bar.value} for view, bar in zip(views, bars, strict=True)]
    print_rows(rows, as_json=as_json, columns=COLUMNS)
    if any(bars):
        click.echo(f"{len(bars) - bars.count(None)} {BARRED}", err=True)


@callbacks.command()
@click.argument("callback_id", metavar="ID", type=ROW_ID)
@by_option
@pass_program
def clear(program: Program, callback_id: int, by: str) -> None:
    """Take an entry off: somebody has spoken with the caller, or nobody needs to."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store:
        with store.transaction() as session:
            number = clear_callback(session, callback_id, actor=by, at=datetime.now(UTC)).number
        tell_phones(app, number)
    click.echo(f"{number} is off the list")


def _bar(settings: Settings, view: CallbackView) -> CallBar | None:
    return call_bar(view.number, settings.site.country, settings.routing.callback_countries)
