"""`check`: what is wrong with the configuration and what surrounds it."""

import dataclasses
import json
import sys

import click
from rich.console import Console
from rich.markup import escape

from siaga112.checking.run import examine
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict
from siaga112.cli.common import Program, pass_program, told_in_one_line


@click.command()
@click.option("--json", "as_json", is_flag=True, help="an array of objects")
@pass_program
def check(program: Program, as_json: bool) -> None:
    """Say what is wrong with this installation, each with the mend; exit status 1 if anything is."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    verdicts = []
    where = Surroundings(program.config, program.settings)
    with told_in_one_line():
        if where.changed:
            click.echo(f"{program.config} has changed since `up` began, which goes on with what it was then", err=True)
        for verdict in examine(where):
            verdicts.append(verdict)
            if not as_json:
                console.print(_line(verdict))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=2))
    if not all(verdict.ok for verdict in verdicts):
        sys.exit(1)


def _line(verdict: Verdict) -> str:
    if verdict.ok:
        return f"[green]ok[/]    {verdict.name}"
    return f"[red]wrong[/] {verdict.name}: {escape(verdict.problem)}; {escape(verdict.mend)}"
