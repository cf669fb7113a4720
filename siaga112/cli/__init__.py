"""The command line ``siaga112 [--config FILE] COMMAND``.

Exit status: 0 done, 1 the thing asked for failed, 2 wrong use or wrong configuration. Commands are imported when they
are called, so that ``--help`` and the small ones stay quick.
"""

import sys

import click

from siaga112.cli.common import Program, one_line_errors
from siaga112.cli.lazy import LazyGroup

COMMANDS = {
    "init": "siaga112.cli.init:init",
    "up": "siaga112.cli.parts:up",
    "agi": "siaga112.cli.parts:agi",
    "switchboard": "siaga112.cli.parts:switchboard",
    "worker": "siaga112.cli.parts:worker",
    "web": "siaga112.cli.parts:web",
    "demo": "siaga112.cli.demo:demo",
    "tickets": "siaga112.cli.tickets:tickets",
    "calls": "siaga112.cli.calls:calls",
    "messages": "siaga112.cli.messages:messages",
    "operators": "siaga112.cli.operators:operators",
    "modems": "siaga112.cli.modems:modems",
    "db": "siaga112.cli.db:db",
    "asterisk": "siaga112.cli.asterisk:asterisk",
    "prompts": "siaga112.cli.prompts:prompts",
    "classify": "siaga112.cli.classify:classify",
    "pdu": "siaga112.cli.pdu:pdu",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(dir_okay=False), help="TOML file; else $SIAGA112_CONFIG, ./siaga112.toml, …")
@click.version_option(package_name="siaga112")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Siaga 112: from a call to 112 or an SMS to a ticket in the right hands."""
    ctx.obj = Program(config)


def main() -> None:
    """Entry point of the console script."""
    with one_line_errors():
        sys.exit(cli.main(prog_name="siaga112", standalone_mode=False) or 0)
