"""`db`: the schema."""

import click

from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line


@click.group()
def db() -> None:
    """The database."""


@db.command()
@pass_program
def upgrade(program: Program) -> None:
    """Bring the schema to this version of the program; safe to run again."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store:
        app.paths.state_dir.mkdir(parents=True, exist_ok=True)
        store.upgrade()
