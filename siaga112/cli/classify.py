"""`siaga112 classify`: which category a complaint would get."""

import json

import click

from siaga112.cli.common import Program, pass_program
from siaga112.cli.standard_input import input_lines
from siaga112.settings import Category
from sms_gateway.classifier import Classifier, Verdict


@click.command()
@click.option("--json", "as_json", is_flag=True, help="one array with an object for every line, in order")
@pass_program
def classify(program: Program, as_json: bool) -> None:
    """Read one complaint a line from standard input, say its category and the words that decided."""
    settings = program.settings_or_demo
    classifier = Classifier(settings.categories)
    categories = {category.code: category for category in settings.categories}
    answers = ((line, classifier.classify(line)) for line in input_lines())
    if as_json:
        rows = [_row(line, verdict, categories[verdict.category]) for line, verdict in answers]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for _, verdict in answers:
        agencies = ", ".join(categories[verdict.category].agencies)
        click.echo("\t".join((verdict.category, f"{verdict.confidence:.2f}", agencies, ", ".join(verdict.words))))


def _row(line: str, verdict: Verdict, category: Category) -> dict[str, object]:
    return {
        "text": line,
        "category": category.code,
        "agencies": list(category.agencies),
        "priority": verdict.priority,
        "confidence": verdict.confidence,
        "words": list(verdict.words),
    }
