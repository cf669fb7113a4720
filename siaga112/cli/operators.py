"""`operators`: who is on duty, and changing that."""

from collections.abc import Callable

import click

from redis_queue.operators import OperatorStatus
from redis_queue.pool import OperatorPool
from siaga112.app import App
from siaga112.cli.city import city_asked
from siaga112.cli.common import Program, pass_program
from siaga112.cli.listing import listing_options, print_rows
from tickets.views import rfc3339

COLUMNS = ("extension", "name", "state", "since", "call_id", "reason")


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
        rows = [_row(app, status) for status in app.pool.snapshot()[:limit]]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


def _row(app: App, status: OperatorStatus) -> dict[str, object]:
    return {
        "extension": status.extension,
        "name": status.name,
        "state": status.state.value,
        "since": rfc3339(status.since.astimezone(app.settings.tz)),
        "call_id": status.call_id,
        "reason": status.reason,
    }


def _wish(change: Callable[[OperatorPool, str], object], explanation: str, done: str) -> click.Command:
    @operators.command(change.__name__, help=explanation)
    @click.argument("extension")
    @pass_program
    def wish(program: Program, extension: str) -> None:
        app = App(program.settings)
        with city_asked(app):
            change(app.pool, extension)
            (now,) = [status for status in app.pool.snapshot() if status.extension == extension]
        click.echo(f"{extension} {done}: {now.state.value}{f' ({now.reason})' if now.reason else ''}")

    return wish


login = _wish(OperatorPool.login, "Go on duty.", "is on duty")
logout = _wish(OperatorPool.logout, "Go off duty, after the present call.", "goes off duty")
pause = _wish(OperatorPool.pause, "Take no calls for now.", "takes no calls for now")
resume = _wish(OperatorPool.resume, "Take calls again.", "takes calls again")
