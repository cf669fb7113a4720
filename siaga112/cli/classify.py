"""`siaga112 classify`: which category a complaint would get."""

import json
import sys

import click

from siaga112.cli.common import Program, pass_program
from siaga112.settings import Category
from sms_gateway.classifier import Classifier, Verdict


@click.command()
@click.option("--json", "as_json", is_flag=True, help="one array with an object for every line, in order")
@pass_program
def classify(program: Program, as_json: bool) -> None:
    """Read one complaint a line from standard input, say its category and the words that decided."""
    settings = program.settings_or_demo
    classifier = Classifier(settings.categories)
    lines = _lines(sys.stdin.buffer.read().decode("utf-8", "replace"))
    verdicts = [classifier.classify(line) for line in lines]
    categories = {category.code: category for category in settings.categories}
    if as_json:
        pairs = zip(lines, verdicts, strict=True)
        rows = [_row(line, verdict, categories[verdict.category]) for line, verdict in pairs]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for verdict in verdicts:
        agencies = ", ".join(categories[verdict.category].agencies)
        click.echo("\t".join((verdict.category, f"{verdict.confidence:.2f}", agencies, ", ".join(verdict.words))))


def _lines(text: str) -> list[str]:
    """A line ends with a line feed and nothing else: whatever else a message holds, it has one answer."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _row(line: str, verdict: Verdict, category: Category) -> dict[str, object]:
    return {
        "text": line,
        "category": category.code,
        "agencies": list(category.agencies),
        "priority": verdict.priority,
        "confidence": verdict.confidence,
        "words": list(verdict.words),
    }
