"""`trunks`: the lines to the telecom operators, and changing them without dropping a call."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import click

from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.generations import Generation, Generations
from hardware.asterisk.layout import Layout
from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.trunks.answers import meaning
from hardware.asterisk.trunks.asking import ask
from hardware.asterisk.trunks.change import LineChange
from hardware.asterisk.trunks.state import TrunkCondition, TrunkState
from hardware.asterisk.trunks.trying import try_call
from redis_queue.errors import QueueError
from redis_queue.trunk_notes import TrunkNote, TrunkNotes
from siaga112.app import App
from siaga112.cli.common import Program, item_named, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_one, print_rows
from siaga112.cli.wrong_use import WrongUseError
from siaga112.phone import for_trunk
from siaga112.settings import Trunk
from siaga112.trunks.board import TrunkBoard
from tickets.views import rfc3339

COLUMNS = ("name", "state", "reason", "round_trip_ms", "calls", "last_failure", "host", "priority")
_DIALLED = re.compile(r"\+?[0-9]{2,20}")
HISTORY = ("id", "at", "outcome", "changed", "reason")
_FILES_SHOWN = 3


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
        rows = [_row(app, *pair) for pair in zip(chosen, states, strict=True)]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@trunks.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, name: str, as_json: bool) -> None:
    """Show one trunk: its configuration, without the password, and how it is."""
    app = App(program.settings_to_read)
    trunk = item_named(app.settings.trunks, name, "trunk")
    with told_in_one_line():
        (state,) = TrunkBoard(app).look([trunk])
        row = _row(app, trunk, state)
    configured = trunk.model_dump(mode="json", by_alias=True, exclude={"password", "name"})
    print_one({**row, **configured}, as_json=as_json)


@trunks.command()
@click.argument("name")
@click.option("--call", "number", metavar="NUMBER", help="call this number, too; who answers hears music for 4 s")
@pass_program
def test(program: Program, name: str, number: str | None) -> None:
    """Ask a trunk whether it is there (SIP OPTIONS), and say what was learned; exit status 1 unless it can be used.

    With --call it places a call to outside, by this trunk alone, which costs what calls cost.
    """
    app = App(program.settings)
    trunk = item_named(app.settings.trunks, name, "trunk")
    board = TrunkBoard(app)
    with told_in_one_line():
        with board.asking() as client:
            answered = ask(client, trunk_endpoint(name))
        (state,) = board.look([trunk])
    click.echo(f"OPTIONS to {trunk.host}: " + ("no answer" if answered is None else f"answered in {answered:.1f} ms"))
    click.echo(f"{name} is {state.condition}" + (f": {state.reason}" if state.reason else ""))
    carried = True if number is None else _called(app, trunk, number)
    if state.condition is not TrunkCondition.UP or not carried:
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
    if not as_json:
        rows = [row | {"changed": _short(one.changed)} for row, one in zip(rows, generations, strict=True)]
    print_rows(rows, as_json=as_json, columns=HISTORY)


def _called(app: App, trunk: Trunk, number: str) -> bool:
    """Call a number by a trunk and say what was learned; whether somebody answered and was heard."""
    if not app.settings.asterisk.managed:
        raise click.ClickException("[asterisk] managed = false: --call needs an Asterisk that this program starts")
    dialled = for_trunk(number, trunk.number_format, app.settings.site.country)
    if not _DIALLED.fullmatch(dialled):
        raise WrongUseError(f"--call {number}: is no telephone number; write one such as +628123456789")
    click.echo(f"calling {dialled} by {trunk.name} …")
    with told_in_one_line():
        trial = try_call(ManagedAsterisk(app.settings, app.paths.prompts), trunk.name, dialled)
    for line in trial.words():
        click.echo(line)
    return trial.carried


@contextmanager
def _changing(app: App) -> Iterator[LineChange]:
    if not app.settings.asterisk.managed:
        raise click.ClickException("[asterisk] managed = false: siaga112 asterisk render DIR, and reload it yourself")
    with TrunkBoard(app).asking() as client:
        yield LineChange(ManagedAsterisk(app.settings, app.paths.prompts), client)


def _row(app: App, trunk: Trunk, state: TrunkState) -> dict[str, object]:
    note = _note(app, trunk.name)
    return {
        "name": state.name,
        "state": state.condition.value,
        "reason": state.reason,
        "round_trip_ms": state.round_trip_ms,
        "calls": state.calls,
        "last_failure": meaning(note.failure) if note.failure else None,
        "last_failure_at": _local(app, note.failed_at),
        "last_call_at": _local(app, note.call_at),
        "host": trunk.host,
        "priority": trunk.priority,
    }


def _note(app: App, trunk: str) -> TrunkNote:
    try:
        return TrunkNotes(app.redis).read(trunk)
    except QueueError:
        return TrunkNote()  # how it is does not hang on what was noted


def _local(app: App, at: datetime | None) -> str | None:
    return rfc3339(at.astimezone(app.settings.tz)) if at else None


def _said(generation: Generation) -> str:
    return f"change {generation.id} is in force: {', '.join(generation.changed) or 'as before'}"


def _short(changed: Sequence[str]) -> str:
    """Some of the files by name: the first change has all of them."""
    shown = ", ".join(changed[:_FILES_SHOWN])
    return f"{shown} and {len(changed) - _FILES_SHOWN} more" if len(changed) > _FILES_SHOWN else shown


def _generation_row(app: App, generation: Generation) -> dict[str, object]:
    return {
        "id": generation.id,
        "at": rfc3339(generation.at.astimezone(app.settings.tz)),
        "outcome": generation.outcome.value,
        "changed": list(generation.changed),
        "reason": generation.reason,
    }
