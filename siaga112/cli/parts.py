"""`up`, and each part alone for a machine that runs only that."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from siaga112 import log
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.notify import notify
from siaga112.parts.running import run_part, supervised
from siaga112.parts.vitals import Vitals
from siaga112.settings import doubts


def serve_part(
    program: Program, name: str, part: Callable[[App], AbstractContextManager[Vitals]], *also: type[Exception]
) -> None:
    """Run one part in the foreground, with its own name in the log."""
    app = App(program.settings)
    log.configure(name)
    try:
        with told_in_one_line(*also):
            app.paths.make_state_dir()
            run_part(name, part(app))
    except click.ClickException as error:
        if not supervised():
            raise
        # Whoever started us says it: once, not each time that it tries again.
        notify(f"STATUS={error.message}")
        sys.exit(error.exit_code)


@click.command()
@pass_program
def up(program: Program) -> None:
    """Run everything this machine is configured for, until Ctrl-C or SIGTERM; says `ready`."""
    from siaga112.parts.up import up as run_everything  # noqa: PLC0415 - each part loads only what it runs

    app = App(program.settings)
    log.configure("up")
    for doubt in doubts(app.settings):
        log.get("settings").warning("settings.doubted", key=doubt.key, wrong=doubt.wrong, right=doubt.right)
    with told_in_one_line():
        sys.exit(run_everything(app, program.config))


@click.command()
@click.option("--name", default="1", show_default=True, help="tells this worker from others on the same machine")
@pass_program
def worker(program: Program, name: str) -> None:
    """Turn what the streams hold into tickets and calls.

    Two workers on one machine need two names, each the same at every start: by it a worker finds what it had in hand.
    """
    from siaga112.parts.giving_way import give_way  # noqa: PLC0415
    from siaga112.parts.worker import worker as part  # noqa: PLC0415

    def behind_calls(app: App) -> AbstractContextManager[Vitals]:
        # Whoever calls comes first: a ticket may come later, a phone may not ring later.
        give_way()
        return part(app, name=name)

    serve_part(program, "worker", behind_calls)


@click.command()
@pass_program
def agi(program: Program) -> None:
    """Answer Asterisk's FastAGI requests."""
    from agi_scripts.server import ListenError  # noqa: PLC0415
    from siaga112.parts.agi import agi as part  # noqa: PLC0415

    serve_part(program, "agi", part, ListenError)


@click.command()
@pass_program
def switchboard(program: Program) -> None:
    """Watch Asterisk: who is there, who talks, which calls have ended."""
    from siaga112.parts.switchboard import switchboard as part  # noqa: PLC0415

    serve_part(program, "switchboard", part)


@click.command()
@pass_program
def web(program: Program) -> None:
    """Serve monitoring and Twilio's webhooks, and send by Twilio."""
    from siaga112.parts.web import web as part  # noqa: PLC0415

    serve_part(program, "web", part)
