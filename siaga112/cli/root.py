"""The commands; each is imported when it is called, so that ``--help`` and the small ones stay quick."""

import click

from siaga112.cli.lazy import Lazy, LazyGroup
from siaga112.cli.paths import GivenPath

COMMANDS = {
    "init": Lazy(
        "siaga112.cli.init:init", "Write a commented configuration to FILE (siaga112.toml); a file that is there stays."
    ),
    "check": Lazy(
        "siaga112.cli.check:check",
        "Say what is wrong with this installation, each with the mend; exit status 1 if anything is.",
    ),
    "up": Lazy(
        "siaga112.cli.parts:up", "Run everything this machine is configured for, until Ctrl-C or SIGTERM; says `ready`."
    ),
    "agi": Lazy("siaga112.cli.parts:agi", "Answer Asterisk's FastAGI requests."),
    "switchboard": Lazy(
        "siaga112.cli.parts:switchboard", "Watch Asterisk: who is there, who talks, which calls have ended."
    ),
    "worker": Lazy("siaga112.cli.parts:worker", "Turn what the streams hold into tickets and calls."),
    "web": Lazy("siaga112.cli.parts:web", "Serve monitoring and Twilio's webhooks, and send by Twilio."),
    "demo": Lazy("siaga112.cli.demo:demo", "Show the main job on real parts: a call and an SMS become tickets."),
    "tickets": Lazy("siaga112.cli.tickets:tickets", "Tickets: what citizens reported."),
    "calls": Lazy("siaga112.cli.calls:calls", "Calls to the emergency number, and those that operators made."),
    "messages": Lazy("siaga112.cli.messages:messages", "Messages from and to citizens."),
    "callbacks": Lazy("siaga112.cli.callbacks:callbacks", "Callers whom nobody has spoken with, to be called back."),
    "callers": Lazy("siaga112.cli.callers:callers", "Callers, by their numbers."),
    "recordings": Lazy("siaga112.cli.recordings:recordings", "Recordings of calls."),
    "operators": Lazy("siaga112.cli.operators:operators", "Operators and their phones."),
    "trunks": Lazy("siaga112.cli.trunks:trunks", "Lines to telecom operators."),
    "modems": Lazy("siaga112.cli.modems:modems", "GSM modems."),
    "db": Lazy("siaga112.cli.db:db", "The database."),
    "asterisk": Lazy("siaga112.cli.asterisk:asterisk", "Asterisk's configuration."),
    "ivr": Lazy("siaga112.cli.ivr:ivr", "The phone menu."),
    "prompts": Lazy("siaga112.cli.prompts:prompts", "Spoken prompts."),
    "classify": Lazy(
        "siaga112.cli.classify:classify",
        "Read one complaint a line from standard input, say its category and the words that decided.",
    ),
    "pdu": Lazy(
        "siaga112.cli.pdu:pdu", "Read one PDU in hex a line from standard input, print one JSON object a line."
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=GivenPath(instead="no --config", dir_okay=False),
    help="TOML file; else $SIAGA112_CONFIG, ./siaga112.toml or /etc/siaga112/siaga112.toml",
)
@click.version_option(package_name="siaga112")
def cli(config: str | None) -> None:
    """Siaga 112: from a call to 112 or an SMS to a ticket in the right hands."""
