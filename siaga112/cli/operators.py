"""`operators`: who is on duty, and changing that."""

from collections.abc import Callable

import click

from ivr.shared_pool import shared_pool
from redis_queue.pool import OperatorPool
from siaga112.app import App
from siaga112.cli.city import city_asked
from siaga112.cli.common import Program, pass_program
from siaga112.cli.listing import listing_options, print_rows
from siaga112.cli.operator_view import COLUMNS, operator_row, shown


@click.group()
def operators() -> None:
    """Operators and their phones."""


@operators.command("list")
@listing_options
@pass_program
def list_(program: Program, limit: int, as_json: bool) -> None:
    """Show each operator's state."""
    app = App(program.settings_to_read)
    with city_asked(app):
        rows = [operator_row(status, app.settings.tz) for status in app.pool.snapshot()[:limit]]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


def _wish(change: Callable[[OperatorPool, str], object], explanation: str, done: str) -> click.Command:
    @operators.command(change.__name__, help=explanation)
    @click.argument("extension")
    @pass_program
    def wish(program: Program, extension: str) -> None:
        app = App(program.settings)
        with city_asked(app):
            pool = shared_pool(app.settings, app.redis, on_event=None)  # what it changes is said below, once
            change(pool, extension)
            (now,) = [status for status in pool.snapshot() if status.extension == extension]
        state, reason = shown(now)
        click.echo(f"{extension} {done}: {state.value}{f' ({reason})' if reason else ''}")

    return wish


login = _wish(OperatorPool.login, "Go on duty.", "is on duty")
logout = _wish(OperatorPool.logout, "Go off duty, after the present call.", "goes off duty")
pause = _wish(OperatorPool.pause, "Take no calls for now.", "takes no calls for now")
resume = _wish(OperatorPool.resume, "Take calls again.", "takes calls again")
