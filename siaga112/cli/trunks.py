"""`trunks`: the lines to the telecom operators, and changing them without dropping a call."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.generations import Generation, Generations
from hardware.asterisk.layout import Layout
from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.trunks.asking import ask
from hardware.asterisk.trunks.change import LineChange
from hardware.asterisk.trunks.state import TrunkCondition, TrunkState
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_one, print_rows
from siaga112.settings import Trunk
from siaga112.trunk_board import TrunkBoard
from tickets.views import rfc3339

COLUMNS = ("name", "state", "reason", "round_trip_ms", "calls", "host", "priority")
HISTORY = ("id", "at", "outcome", "changed", "reason")


@click.group()
def trunks() -> None:
    """Lines to telecom operators."""


@trunks.command("list")
@listing_options
@pass_program
def list_(program: Program, limit: int, as_json: bool) -> None:
    """Show how each trunk is, best first."""
    app = App(program.settings_to_read)
    chosen = sorted(app.settings.trunks, key=lambda trunk: trunk.priority)[:limit]
    with told_in_one_line():
        states = TrunkBoard(app).look(chosen)
    print_rows([_row(*pair) for pair in zip(chosen, states, strict=True)], as_json=as_json, columns=COLUMNS)


@trunks.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, name: str, as_json: bool) -> None:
    """Show one trunk: its configuration, without the password, and how it is."""
    app = App(program.settings_to_read)
    trunk = _named(app, name)
    with told_in_one_line():
        (state,) = TrunkBoard(app).look([trunk])
    configured = trunk.model_dump(mode="json", by_alias=True, exclude={"password", "name"})
    print_one({**_row(trunk, state), **configured}, as_json=as_json)


@trunks.command()
@click.argument("name")
@pass_program
def test(program: Program, name: str) -> None:
    """Ask a trunk whether it is there (SIP OPTIONS), and say what was learned; exit status 1 unless it can be used."""
    app = App(program.settings)
    trunk = _named(app, name)
    board = TrunkBoard(app)
    with told_in_one_line():
        with board.asking() as client:
            answered = ask(client, trunk_endpoint(name))
        (state,) = board.look([trunk])
    click.echo(f"OPTIONS to {trunk.host}: " + ("no answer" if answered is None else f"answered in {answered:.1f} ms"))
    click.echo(f"{name} is {state.condition}" + (f": {state.reason}" if state.reason else ""))
    if state.condition is not TrunkCondition.UP:
        raise click.exceptions.Exit(1)


@trunks.command()
@pass_program
def reload(program: Program) -> None:
    """Bring the configuration's lines into force, held against what Asterisk took; no call drops."""
    app = App(program.settings)
    with told_in_one_line(), _changing(app) as change:
        generation = change.reload()
    click.echo("nothing has changed" if generation is None else _said(generation))


@trunks.command()
@pass_program
def undo(program: Program) -> None:
    """Go back to the lines as they were before the last change, until the configuration changes again."""
    app = App(program.settings)
    with told_in_one_line(), _changing(app) as change:
        generation = change.undo()
    click.echo(_said(generation))


@trunks.command()
@listing_options
@pass_program
def history(program: Program, limit: int, as_json: bool) -> None:
    """List the changes of the lines, newest first, and what became of each."""
    app = App(program.settings)
    with told_in_one_line():
        generations = Generations(Layout.under(app.paths.state_dir).history).all()[:limit]
    rows = [_generation_row(app, generation) for generation in generations]
    print_rows(rows, as_json=as_json, columns=HISTORY)


@contextmanager
def _changing(app: App) -> Iterator[LineChange]:
    if not app.settings.asterisk.managed:
        raise click.ClickException("[asterisk] managed = false: siaga112 asterisk render DIR, and reload it yourself")
    with TrunkBoard(app).asking() as client:
        yield LineChange(ManagedAsterisk(app.settings, app.paths.prompts), client)


def _named(app: App, name: str) -> Trunk:
    found = next((trunk for trunk in app.settings.trunks if trunk.name == name), None)
    if found is None:
        names = ", ".join(trunk.name for trunk in app.settings.trunks) or "none"
        raise click.UsageError(f"no trunk {name!r} is configured; there are: {names}")
    return found


def _row(trunk: Trunk, state: TrunkState) -> dict[str, object]:
    return {
        "name": state.name,
        "state": state.condition.value,
        "reason": state.reason,
        "round_trip_ms": state.round_trip_ms,
        "calls": state.calls,
        "host": trunk.host,
        "priority": trunk.priority,
    }


def _said(generation: Generation) -> str:
    return f"change {generation.id} is in force: {', '.join(generation.changed) or 'as before'}"


def _generation_row(app: App, generation: Generation) -> dict[str, object]:
    return {
        "id": generation.id,
        "at": rfc3339(generation.at.astimezone(app.settings.tz)),
        "outcome": generation.outcome.value,
        "changed": list(generation.changed),
        "reason": generation.reason,
    }
