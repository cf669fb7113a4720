"""How the program ends: what a person can mend is said in one line, with the exit status that goes with it.

Nothing heavy is imported here, since every run passes through.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeGuard

import click

if TYPE_CHECKING:
    from siaga112.settings.problems import ConfigurationError


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Say what a person can mend in one line each; bugs keep their traceback."""
    try:
        _require_output()
        yield
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # `siaga112 tickets list | head`: the reader has had enough.
        _write_no_more()
        sys.exit(0)
    except OSError as error:
        _write_no_more()
        click.echo(f"{error.filename or 'input or output'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except Exception as error:
        if not _is_configuration_error(error):
            raise
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)


def require_text(arguments: Iterable[str]) -> None:
    """Refuse bytes that are no UTF-8, which Python passes on as lone surrogates (PEP 383): no server takes them."""
    for argument in arguments:
        if any("\ud800" <= character <= "\udfff" for character in argument):
            shown = argument.encode("utf-8", "replace").decode()
            raise click.UsageError(f"{shown!r} is not UTF-8 text; write it again on a terminal that is set to UTF-8")


def _is_configuration_error(error: Exception) -> "TypeGuard[ConfigurationError]":
    # Where it was raised it has been imported; to import it now would hold up every end, and be open to Ctrl-C.
    module = sys.modules.get("siaga112.settings.problems")
    return module is not None and isinstance(error, module.ConfigurationError)


def _require_output() -> None:
    """A closed descriptor is refused: the next file that is opened would get its number, and the output."""
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stdout is None:
        raise click.ClickException("standard output is closed: send it to /dev/null to throw it away")


def _write_no_more() -> None:
    """What could not be written is not tried again at exit, which would say so in a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
