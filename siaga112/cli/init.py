"""`init`: a configuration to start from."""

from pathlib import Path

import click

from siaga112.cli.common import told_in_one_line
from siaga112.demo.city import write_city
from siaga112.settings import template


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("siaga112.toml"))
@click.option("--demo-city", is_flag=True, help="the demo city: simulated modem, carrier and phones on loopback")
def init(file: Path, demo_city: bool) -> None:
    """Write a commented configuration to FILE (siaga112.toml); a file that is there stays."""
    if file.exists():
        raise click.ClickException(f"{file} is there already; it stays as it is")
    with told_in_one_line():
        if demo_city:
            write_city(file)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(template(), "utf-8")
    click.echo(f"wrote {file}")
