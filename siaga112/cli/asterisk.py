"""`asterisk`: its configuration, to read or to install by hand."""

from pathlib import Path

import click

from hardware.asterisk.binary import find
from hardware.asterisk.layout import Layout
from hardware.asterisk.process import AMI_USER, ami_secret
from hardware.asterisk.render import AmiUser, render, write
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line


@click.group()
def asterisk() -> None:
    """Asterisk's configuration."""


@asterisk.command("render")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@pass_program
def render_(program: Program, directory: Path) -> None:
    """Write the Asterisk configuration into DIRECTORY."""
    app = App(program.settings)
    layout = Layout.under(app.settings.site.state_dir)
    with told_in_one_line():
        binary = find(app.settings.asterisk.binary) if app.settings.asterisk.managed else None
        files = render(app.settings, layout, app.paths.prompts, AmiUser(AMI_USER, ami_secret(layout)), binary)
        write(files, directory)
    click.echo(f"{len(files)} files in {directory}")
