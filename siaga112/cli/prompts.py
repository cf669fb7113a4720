"""`prompts`: what callers hear."""

import click

from ivr.prompt_build import build as build_prompts
from ivr.prompt_list import list_prompts
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_rows

COLUMNS = ("language", "name", "seconds", "text", "file")


@click.group()
def prompts() -> None:
    """Spoken prompts."""


@prompts.command("list")
@listing_options
@pass_program
def list_(program: Program, limit: int, as_json: bool) -> None:
    """Show every prompt, its text, and the file that is played."""
    with told_in_one_line():
        rows = [
            {
                "language": prompt.language,
                "name": prompt.name,
                "seconds": round(prompt.seconds, 2),
                "text": prompt.text,
                "file": str(prompt.path) if prompt.path else None,
            }
            for prompt in list_prompts(program.settings_or_demo)[:limit]
        ]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@prompts.command()
@click.option("--quiet", is_flag=True, help="say nothing when all is well")
@pass_program
def build(program: Program, quiet: bool) -> None:
    """Make the prompts from their texts; what is there and unchanged stays."""
    with told_in_one_line():
        report = build_prompts(program.settings_or_demo)
    if not quiet:
        click.echo(f"built {len(report.built)}, unchanged {len(report.kept)}")
    for name in report.too_long:
        click.echo(f"{name}: longer than one piece should be; shorten its text", err=True)
