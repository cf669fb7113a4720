"""`asterisk`: its configuration, to read or to install by hand."""

import secrets
from pathlib import Path

import click

from hardware.asterisk.binary import find
from hardware.asterisk.layout import Layout
from hardware.asterisk.process import AMI_USER
from hardware.asterisk.render import AmiUser, render, strangers, write
from siaga112.app import App
from siaga112.cli.asterisk_run import run
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.paths import GivenPath
from siaga112.settings import Asterisk


@click.group()
def asterisk() -> None:
    """Asterisk's configuration."""


asterisk.add_command(run)


@asterisk.command("render")
@click.argument("directory", type=GivenPath(file_okay=False, path_type=Path))
@pass_program
def render_(program: Program, directory: Path) -> None:
    """Write the Asterisk configuration into DIRECTORY; a file there that is not ours stays, and nothing is written."""
    app = App(program.settings)
    layout = Layout.under(app.settings.site.state_dir)
    with told_in_one_line():
        binary = find(app.settings.asterisk.binary) if app.settings.asterisk.managed else None
        files = render(app.settings, layout, app.paths.prompts, _ami_user(app.settings.asterisk, layout), binary)
        for path in strangers(files, directory):
            raise click.ClickException(f"{path} was not written by siaga112: move it away, or name another directory")
        write(files, directory)
    click.echo(f"{len(files)} files in {directory}")


def _ami_user(settings: Asterisk, layout: Layout) -> AmiUser:
    """Who we are for the Asterisk that is meant. A managed one that never ran has no secret yet: `up` makes its own."""
    if settings.ami_user and not settings.managed:
        return AmiUser(settings.ami_user, settings.ami_secret.get_secret_value())
    has_run = settings.managed and layout.ami_secret.exists()
    return AmiUser(AMI_USER, layout.ami_secret.read_text() if has_run else secrets.token_urlsafe(32))
