"""Who does what a command does, for the history."""

import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def by_option(command: Command) -> Command:
    """Add ``--by``; the command is given the actor as ``by``."""
    return click.option(
        "--by",
        metavar="NAME",
        callback=lambda _ctx, _param, name: f"cli:{name or getpass.getuser()}",
        help="who does it, for the history; default: who is logged in here",
    )(command)
