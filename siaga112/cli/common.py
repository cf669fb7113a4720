"""What the commands share: which configuration, which servers, and how a mistake is said."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import click

from siaga112.cli.wrong_use import WrongUseError
from siaga112.demo.city import STATE
from siaga112.settings import Settings, demo_settings, find_config, is_empty, load

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

DEMO_CITY = Path("var/demo/siaga112.toml")
"""Where ``siaga112 demo`` leaves its city, below the working directory."""


_OTHER_PLACE = "name another place ([site] state_dir is where all is kept)"
_MENDS = {
    errno.EACCES: f"run as its owner, or {_OTHER_PLACE}",
    errno.EPERM: f"run as its owner, or {_OTHER_PLACE}",
    errno.EROFS: _OTHER_PLACE,
    errno.ENOTDIR: _OTHER_PLACE,
    errno.EEXIST: _OTHER_PLACE,
    errno.ENOSPC: "make room",
}
"""What a person does about what the system says of a path."""


class NoConfigurationError(click.ClickException):
    """There is no configuration file; unlike wrong use of the command, it needs no usage line."""

    exit_code = 2


class Program:
    """What the options before the command say; the settings are read when a command first asks."""

    def __init__(self, config: str | None) -> None:
        self._explicit = None if config is None else Path(config)

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
        settings = load(self.config, os.environ)
        if is_empty(self.config, os.environ):
            self._say_empty(settings)
        return settings

    def _say_empty(self, settings: Settings) -> None:
        from siaga112.parts.running import supervised  # noqa: PLC0415 - loads the log, which most commands never need

        if not supervised():
            said = f"it says nothing, so this is {settings.site.name}, without trunks, phones and modems"
            click.echo(f"{self.config}: {said}; `siaga112 init FILE` writes one to start from", err=True)

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
def told_in_one_line(*also: type[Exception]) -> Iterator[None]:
    """Turn what our packages and the system say is wrong into one line and exit status 1; bugs keep their traceback.

    A database address that only its library finds wrong is a mistake of the configuration all the same: status 2.
    """
    try:
        yield
    except _known_errors(*also) as error:
        from tickets.errors import BadStoreUrlError  # noqa: PLC0415 - as below

        kind = WrongUseError if isinstance(error, BadStoreUrlError) else click.ClickException
        raise kind(_said(error)) from error


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        mend = _MENDS.get(error.errno or 0)
        return f"{error.filename}: {error.strerror.lower()}" + (f"; {mend}" if mend else "")
    return " ".join(str(error).split())


def _known_errors(*also: type[Exception]) -> tuple[type[Exception], ...]:
    """Each package's base, looked up when something is amiss; what they say is written for people."""
    from hardware.asterisk.errors import AsteriskError  # noqa: PLC0415
    from hardware.modem.errors import ModemError  # noqa: PLC0415
    from ivr.errors import IvrError  # noqa: PLC0415
    from redis_queue.errors import QueueError  # noqa: PLC0415
    from siaga112.supervisor.errors import SupervisorError  # noqa: PLC0415
    from sms_gateway.errors import GatewayError  # noqa: PLC0415
    from tickets.errors import TicketsError  # noqa: PLC0415

    ours = (AsteriskError, GatewayError, IvrError, ModemError, QueueError, SupervisorError, TicketsError)
    return (*ours, *also, OSError)


def pass_program(command: Callable[Concatenate[Program, Given], Answer]) -> Callable[Given, Answer]:
    """Hand a command the `Program` that it is a command of."""

    @wraps(command)
    def handed(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        return command(Program(click.get_current_context().find_root().params["config"]), *args, **kwargs)

    return handed


class Named(Protocol):
    """An item of the configuration that has a name."""

    @property
    def name(self) -> str:
        """What it is called."""


Item = TypeVar("Item", bound=Named)


def item_named(items: Sequence[Item], name: str, kind: str) -> Item:
    """The one of this name; wrong use, with the names that there are, when none has it."""
    found = next((item for item in items if item.name == name), None)
    if found is None:
        names = ", ".join(item.name for item in items) or "none"
        raise WrongUseError(f"no {kind} {name!r} is configured; there are: {names}")
    return found
