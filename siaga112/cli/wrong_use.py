"""Wrong use of a command: what is wrong, where, and what would be right, in one line and with exit status 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class WrongUseError(click.ClickException):
    """What was given cannot be right; the text says what would be."""

    exit_code = 2


class WholeNumber(click.ParamType[int]):
    """A whole number from ``least`` to ``most``."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self._range = range(least, most + 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the option or argument."""
        try:
            number = int(value)
        except ValueError:
            number = self._range.start - 1
        if number not in self._range:
            self.fail(f"{value!r} is no whole number from {self._range.start} to {self._range.stop - 1}", param, ctx)
        return number


ROW_ID = WholeNumber(1, 2**31 - 1)
"""Of what the database numbers: its INTEGER."""


@contextmanager
def wrong_use_in_one_line() -> Iterator[None]:
    """Say click's own complaints without its lines about usage, which push the mistake out of sight."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # it is the help that was left out
    except click.UsageError as error:
        raise WrongUseError(_said(error)) from error


def _said(error: click.UsageError) -> str:
    wrong = error.format_message().rstrip(".")
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return wrong  # the option's own type says what would be right
    if error.ctx is None:
        return f"{wrong}; siaga112 --help says how it is used"
    if isinstance(error, click.NoSuchOption | click.exceptions.NoSuchCommand):
        return f"{wrong}; {error.ctx.command_path} --help says which there are"
    usage = " ".join(error.ctx.get_usage().split()).removeprefix("Usage: ")
    return f"{wrong}; right would be: {usage}"
