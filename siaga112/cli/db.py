"""`db`: the schema, and copies of everything."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click

from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.paths import GivenPath
from siaga112.supervisor.errors import AlreadyRunningError
from siaga112.supervisor.lock import sole_owner


@click.group()
def db() -> None:
    """The database."""


@db.command()
@pass_program
def upgrade(program: Program) -> None:
    """Bring the schema to this version of the program; safe to run again."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store:
        app.paths.make_state_dir()
        store.upgrade()


@db.command()
@click.argument("file", type=GivenPath(dir_okay=False, path_type=Path))
@pass_program
def backup(program: Program, file: Path) -> None:
    """Copy all tickets, calls and messages into a new FILE, while the city runs; recordings are files of their own."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store:
        copied = store.backup(file.absolute())
    click.echo(f"{copied.total} rows in {file}, compared")


@db.command()
@click.argument("file", type=GivenPath(exists=True, dir_okay=False, path_type=Path))
@pass_program
def restore(program: Program, file: Path) -> None:
    """Replace all tickets, calls and messages by those of FILE; what was there is kept in a backup beside the state.

    The city must not run meanwhile.
    """
    app = App(program.settings)
    with told_in_one_line(), _while_it_stands_still(app), app.store as store:
        store.upgrade()
        kept = app.paths.state_dir / f"before-restore-{datetime.now(app.settings.tz):%Y%m%d-%H%M%S}.backup"
        store.backup(kept)
        copied = store.restore(file)
    click.echo(f"{copied.total} rows from {file}, compared; what was there before is in {kept}")


@contextmanager
def _while_it_stands_still(app: App) -> Iterator[None]:
    """What came in while the tables are replaced would be lost; no `up` begins meanwhile either."""
    with ExitStack() as held:
        try:
            held.enter_context(sole_owner(app.paths.make_run()))
        except AlreadyRunningError as error:
            where = app.settings.site.state_dir
            raise click.ClickException(
                f"the city in {where} is running, and what comes in meanwhile would be lost: stop it first "
                "(systemctl stop siaga112, or Ctrl-C in `siaga112 up`)"
            ) from error
        yield
