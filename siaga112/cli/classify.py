"""`siaga112 classify`: which category a complaint would get."""

import json
import sys

import click

from siaga112.cli.common import Program, pass_program
from siaga112.settings import Settings
from sms_gateway.classifier import Classifier


@click.command()
@click.option("--json", "as_json", is_flag=True, help="one array with an object for every line, in order")
@pass_program
def classify(program: Program, as_json: bool) -> None:
    """Read one complaint a line from standard input, say its category and the words that decided."""
    settings = program.settings_or_demo
    classifier = Classifier(settings.categories)
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
    rows = [_row(settings, classifier, line) for line in lines]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['category']}\t{row['confidence']}\t{','.join(row['agencies'])}\t{', '.join(row['words'])}")


def _row(settings: Settings, classifier: Classifier, line: str) -> dict[str, object]:
    verdict = classifier.classify(line)
    category = settings.category(verdict.category)
    return {
        "text": line,
        "category": category.code,
        "agencies": list(category.agencies),
        "priority": category.priority,
        "confidence": verdict.confidence,
        "words": list(verdict.words),
    }
