"""`prompts`: what callers hear."""

from pathlib import Path

import click

from ivr.prompts.build import build as build_prompts
from ivr.prompts.importing import import_recording
from ivr.prompts.listing import ListedPrompt, list_prompts
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_rows
from siaga112.cli.paths import GivenPath

COLUMNS = ("number", "language", "name", "source", "seconds", "text")


@click.group()
def prompts() -> None:
    """Spoken prompts."""


@prompts.command("list")
@listing_options
@pass_program
def list_(program: Program, limit: int, as_json: bool) -> None:
    """Show every prompt, where its sound comes from, and its text; the number is dialled to record it by telephone."""
    with told_in_one_line():
        listed = list_prompts(program.settings_or_demo)
    print_rows([_row(prompt) for prompt in listed[:limit]], as_json=as_json, columns=COLUMNS)
    if len(listed) > limit:
        click.echo(f"{len(listed) - limit} more: --limit {len(listed)}", err=True)


def _row(prompt: ListedPrompt) -> dict[str, object]:
    return {
        "number": prompt.number,
        "language": prompt.language,
        "name": prompt.name,
        "source": prompt.source,
        "seconds": prompt.seconds,
        "text": prompt.text,
        "file": str(prompt.path) if prompt.path else None,
    }


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
        click.echo(f"{name}: longer than callers should have to listen; shorten its text", err=True)


@prompts.command("import")
@click.argument("file", type=GivenPath(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.option("--language", default="", help="the prompt's language; the site's first without it")
@pass_program
def import_(program: Program, file: Path, name: str, language: str) -> None:
    """Have FILE, any sound that sox reads, heard for the prompt NAME; it is converted, and checked before."""
    settings = program.settings_or_demo
    with told_in_one_line():
        done = import_recording(settings, file, name, language or settings.site.languages[0].value)
    click.echo(f"{done.path}: {done.seconds:.1f} s; the next caller hears it")
