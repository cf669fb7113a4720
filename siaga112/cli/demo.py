"""`demo`: the main job on real parts."""

import os
import sys
import time
from pathlib import Path

import click
from rich.console import Console

from hardware.softphone import SoftphoneError
from siaga112.cli.common import DEMO_CITY, told_in_one_line
from siaga112.demo.city import throw_away_city
from siaga112.demo.narrator import Narrator
from siaga112.demo.running import CityError, RunningCity
from siaga112.demo.signals import ended_by_signals
from siaga112.demo.story import Story
from siaga112.settings import load

NEXT = """
The city has been stopped; its tickets are in {folder}, until the next demo.
  {program} tickets list             what became of the call and the SMS
  {program} calls list               the call
  {program} messages list            the SMS and the reply
  {program} init                     a configuration for your own city
  make run                                      the demo city, until Ctrl-C, with its tickets in var/city"""


@click.command()
def demo() -> None:
    """Show the main job on real parts: a call and an SMS become tickets. Exit status 0 only if all of it happened."""
    began = time.monotonic()
    narrator = Narrator(Console(highlight=False, soft_wrap=True))
    try:
        with told_in_one_line(), ended_by_signals():
            config = _new_city()
            narrator.step("a throw-away city starts: Redis, Asterisk, and the parts of Siaga 112")
            with RunningCity(config) as city:
                narrator.step("ready")
                story = Story(city, load(config, os.environ), narrator)
                by_call = story.call()
                by_sms, reply = story.sms()
    except (CityError, SoftphoneError) as error:
        raise click.ClickException(str(error)) from error
    narrator.heading("What is left")
    narrator.record("Ticket from the call", by_call)
    narrator.record("Ticket from the SMS", by_sms)
    narrator.say(f"[dim]Reply[/dim] {reply}")
    narrator.say(NEXT.format(folder=DEMO_CITY.parent, program=_program()))
    narrator.say(f"\nAll of it happened, in {time.monotonic() - began:.1f} s.")


def _new_city() -> Path:
    folder = DEMO_CITY.parent
    try:
        return throw_away_city(folder)
    except OSError as error:
        wrong = f"{error.filename or folder}: {(error.strerror or str(error)).lower()}"
        raise click.ClickException(f"{wrong}; remove {folder.parent}, or run the demo as its owner") from error


def _program() -> str:
    """How this program was called: so the next command can be typed, `.venv/bin/siaga112` included."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "siaga112" else "python -m siaga112"
