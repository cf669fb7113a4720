"""`asterisk run`: the managed Asterisk alone, for a service manager that runs each part by itself."""

import sys

import click

from siaga112 import log
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.wrong_use import WrongUseError


@click.command("run")
@pass_program
def run(program: Program) -> None:
    """Run the managed Asterisk in the foreground; SIGTERM lets its calls end first."""
    # These load what every call needs; `asterisk render` does without.
    from hardware.asterisk.process import ManagedAsterisk  # noqa: PLC0415
    from siaga112.supervisor.asterisk_backing import AsteriskBacking  # noqa: PLC0415
    from siaga112.supervisor.supervisor import Supervisor, print_ready  # noqa: PLC0415

    app = App(program.settings)
    settings = app.settings.asterisk
    if not settings.managed:
        raise WrongUseError("[asterisk] managed = false: this Asterisk is not ours to run; disable this service")
    log.configure("asterisk")

    with told_in_one_line():
        app.paths.make_state_dir()
        asterisk = ManagedAsterisk(app.settings, app.paths.prompts)
        asterisk.check()
        backing = AsteriskBacking(asterisk, settings.drain_seconds)
        sys.exit(Supervisor([backing], [], on_ready=print_ready).run())
