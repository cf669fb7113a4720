"""A click group that imports a command's module when the command is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from siaga112.cli.wrong_use import wrong_use_in_one_line


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command is, as ``module:attribute``, and its line in the group's help, which need not import it."""

    at: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are imported on first use; its own help imports none.

    What is wrong use of any is said in one line.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order in which they were given."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None when there is no such name."""
        if cmd_name not in self.lazy:
            return None
        module, attribute = self.lazy[cmd_name].at.split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read this group's own options."""
        with wrong_use_in_one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Find the command, read what it is given, and run it."""
        with wrong_use_in_one_line():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in self.lazy.items()])
