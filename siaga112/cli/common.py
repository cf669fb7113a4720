"""What the commands share: which configuration, which servers, and how a mistake is said."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import click

from hardware.asterisk.errors import AsteriskError
from hardware.modem.errors import ModemError
from ivr.errors import IvrError
from redis_queue.errors import QueueError
from siaga112.demo.city import STATE
from siaga112.settings import ConfigurationError, Settings, demo_settings, find_config, load
from siaga112.supervisor.errors import SupervisorError
from sms_gateway.errors import GatewayError
from tickets.errors import TicketsError

KNOWN_ERRORS = (
    AsteriskError,
    GatewayError,
    IvrError,
    ModemError,
    QueueError,
    SupervisorError,
    TicketsError,
)
"""Each package's base; what they say is written for people."""

DEMO_CITY = Path("var/demo/siaga112.toml")
"""Where ``siaga112 demo`` leaves its city, below the working directory."""


class NoConfigurationError(click.ClickException):
    """There is no configuration file; unlike wrong use of the command, it needs no usage line."""

    exit_code = 2


class Program:
    """What the options before the command say; the settings are read when a command first asks."""

    def __init__(self, config: str | None) -> None:
        self._explicit = Path(config) if config else None

    @cached_property
    def config(self) -> Path:
        """The configuration file in force; exit status 2 when there is none."""
        found = self._find()
        if found is None:
            raise NoConfigurationError(
                "no configuration: give --config FILE or $SIAGA112_CONFIG, or `siaga112 init` writes ./siaga112.toml"
            )
        return found

    @cached_property
    def settings(self) -> Settings:
        """The settings of a real installation: never the demo city's, which must not end up on an emergency line."""
        return load(self.config, os.environ)

    @cached_property
    def settings_or_demo(self) -> Settings:
        """For what changes nothing: the installation's settings, else the built-in demo city's."""
        return self.settings if self._find() else demo_settings(DEMO_CITY.parent.absolute() / STATE, {})

    @cached_property
    def settings_to_read(self) -> Settings:
        """For listings: the installation's settings, else those of the last demo in this folder."""
        if self._find() is None and DEMO_CITY.is_file():
            click.echo(f"no configuration: this is the demo city in {DEMO_CITY.parent}", err=True)
            return load(DEMO_CITY, os.environ)
        return self.settings

    def _find(self) -> Path | None:
        return find_config(self._explicit, os.environ)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Say what a person can mend in one line each, and end with the exit status that goes with it."""
    try:
        yield
    except ConfigurationError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # `siaga112 tickets list | head`: the reader has had enough; nothing more may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@contextmanager
def told_in_one_line(*also: type[Exception]) -> Iterator[None]:
    """Turn what our packages and the system say is wrong into one line and exit status 1; bugs keep their traceback."""
    known: tuple[type[Exception], ...] = (*KNOWN_ERRORS, *also, OSError)
    try:
        yield
    except known as error:
        raise click.ClickException(" ".join(str(error).split())) from error


pass_program = click.make_pass_decorator(Program)
