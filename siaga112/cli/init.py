"""`init`: a configuration to start from, with what a person knows of the city in it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from hardware.modem.scanning import candidates
from siaga112.cli.common import told_in_one_line
from siaga112.cli.init_answers import LONGEST_ROW, Answers, TrunkAnswer
from siaga112.cli.paths import GivenPath
from siaga112.cli.wrong_use import WholeNumber, WrongUseError
from siaga112.demo.city import write_city
from siaga112.settings import ConfigurationError, Problem

NONE = "none"
SIMULATOR = "simulator"
BY_ADDRESS, BY_LOGIN = "address", "registration"

Rule = Callable[[str], Answers]
"""The answers so far with one more, as it was typed."""


@click.command()
@click.argument("file", type=GivenPath(dir_okay=False, path_type=Path), default=Path("siaga112.toml"))
@click.option("--name", help="the city as callers know it: Kabupaten Banyuwangi")
@click.option("--code", help="what ticket numbers begin with: BWI")
@click.option("--trunk-host", metavar="HOST", help="SIP server of the telecom operator, host or host:port")
@click.option("--operators", type=WholeNumber(1, LONGEST_ROW), help="how many phones answer: 1001, 1002 …")
@click.option("--modem", "modems", multiple=True, metavar="PORT", help="port of a GSM modem; may be given again")
@click.option("--state-dir", type=GivenPath(file_okay=False, path_type=Path), help="where all is kept")
@click.option("--no-input", is_flag=True, help="ask nothing, on a terminal either")
@click.option("--demo-city", is_flag=True, help="the demo city: simulated modem, carrier and phones on loopback")
def init(
    *,
    file: Path,
    name: str | None,
    code: str | None,
    trunk_host: str | None,
    operators: int | None,
    modems: tuple[str, ...],
    state_dir: Path | None,
    no_input: bool,
    demo_city: bool,
) -> None:
    """Write a commented configuration to FILE (siaga112.toml); a file that is there stays.

    On a terminal it asks for what matters and no option says.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already; it stays as it is")
    trunk = None if trunk_host is None else TrunkAnswer(trunk_host)
    given = Answers(name, code, trunk=trunk, operators=operators, modems=modems or None, state_dir=state_dir)
    if demo_city and given != Answers():
        raise WrongUseError("--demo-city is a city of its own: it takes no other option")
    asking = on_terminal() and not no_input and not demo_city
    answers = _asked(given, file, candidates()) if asking else given
    with told_in_one_line():
        _write(file, answers, demo_city=demo_city)
    click.echo(f"wrote {file}")
    if asking:
        click.echo(f"it holds secrets: nobody but you can read it. Next: siaga112 --config {file} check")


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _write(file: Path, answers: Answers, *, demo_city: bool) -> None:
    if demo_city:
        write_city(file)
        return
    try:
        answers.require_sound(file)
    except ConfigurationError as error:
        raise WrongUseError("; ".join(map(_words, error.problems))) from error
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(answers.text(), "utf-8")


def _words(problem: Problem) -> str:
    return f"{problem.key}: {problem.wrong}; {problem.right}"


def _asked(given: Answers, file: Path, ports: Sequence[str]) -> Answers:
    """`given`, and what a person says to the rest; what cannot be is asked again."""
    answers = given
    if answers.name is None:
        answers = _ask("Name of the city", "Kabupaten Banyuwangi", lambda said: replace(answers, name=said), file)
    if answers.code is None:
        answers = _ask("Code in ticket numbers", "BWI", lambda said: replace(answers, code=said.upper()), file)
    if answers.trunk is None:
        answers = _ask_trunk(answers, file)
    if answers.operators is None:
        count = click.prompt("How many operators' phones", default=2, type=WholeNumber(1, LONGEST_ROW))
        answers = replace(answers, operators=count)
    return answers if answers.modems is not None else _ask_modems(answers, file, ports)


def _ask(question: str, default: str, rule: Rule, file: Path) -> Answers:
    def read(said: str) -> Answers:
        answers = rule(said.strip())
        try:
            answers.require_sound(file)
        except ConfigurationError as error:
            raise click.UsageError("; ".join(f"{one.wrong}; {one.right}" for one in error.problems)) from error
        return answers

    told: Answers = click.prompt(question, default=default, value_proc=read)
    return told


def _ask_trunk(answers: Answers, file: Path) -> Answers:
    def rule(said: str) -> Answers:
        if said == NONE:
            return replace(answers, has_trunk=False)
        return replace(answers, trunk=TrunkAnswer(said))

    told = _ask("SIP trunk: the telecom operator's host or host:port, or none yet", NONE, rule, file)
    if told.trunk is None:
        return told
    kinds = click.Choice([BY_ADDRESS, BY_LOGIN])
    if click.prompt("  it knows us by our", default=BY_ADDRESS, type=kinds) == BY_ADDRESS:
        return told
    username = click.prompt("  user")
    password = click.prompt("  password (not shown)", hide_input=True)
    return replace(told, trunk=replace(told.trunk, username=username, password=password))


def _ask_modems(answers: Answers, file: Path, ports: Sequence[str]) -> Answers:
    for number, port in enumerate(ports, start=1):
        click.echo(f"  {number}: {port}")
    if len(ports) > 1:
        click.echo("  a stick has several ports; siaga112 modems scan says which of them speaks AT")

    def rule(said: str) -> Answers:
        chosen = (_port(word, ports) for word in said.split())
        return replace(answers, modems=() if said == NONE else tuple(chosen))

    question = "GSM modem: its number above or its port" if ports else "GSM modem: its port"
    return _ask(f"{question}, {SIMULATOR}, or {NONE}", "1" if ports else SIMULATOR, rule, file)


def _port(word: str, ports: Sequence[str]) -> str:
    return ports[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(ports) else word
