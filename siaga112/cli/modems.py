"""`modems`: serve, list, and the simulated one."""

import dataclasses
from pathlib import Path

import click

from hardware.modem.simulator import SimulatedModem, inject_pdu
from hardware.modem.simulator import inject as inject_text
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_rows
from siaga112.cli.parts import serve_part
from siaga112.parts.running import run_part

COLUMNS = ("name", "state", "reason", "signal_dbm", "operator", "stored", "capacity")


@click.group()
def modems() -> None:
    """GSM modems."""


@modems.command()
@pass_program
def serve(program: Program) -> None:
    """Serve all modems: messages into the stream, replies out."""
    from siaga112.parts.modems import modems as part  # noqa: PLC0415

    serve_part(program, "modems", part)


@modems.command("list")
@listing_options
@pass_program
def list_(program: Program, limit: int, as_json: bool) -> None:
    """Show how each modem is."""
    from sms_gateway.health_board import HealthBoard  # noqa: PLC0415

    app = App(program.settings_to_read)
    with told_in_one_line():
        board = HealthBoard(app.redis)
        rows = [dataclasses.asdict(board.read(modem.name)) for modem in app.settings.modems[:limit]]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@modems.command()
@click.argument("link", type=click.Path(path_type=Path))
def simulate(link: Path) -> None:
    """Run a simulated modem on a pseudo-terminal at LINK, until Ctrl-C."""
    with told_in_one_line():
        run_part("simulator", SimulatedModem(link))


@modems.command()
@click.argument("link", type=click.Path(path_type=Path))
@click.option("--from", "sender", help="number or name that it comes from")
@click.option("--text", help="what it says")
@click.option("--pdu", "pdu_hex", help="instead: a whole SMS-DELIVER in hex")
def inject(link: Path, sender: str | None, text: str | None, pdu_hex: str | None) -> None:
    """Let the simulated modem at LINK receive a message."""
    if bool(pdu_hex) == bool(sender and text is not None):
        raise click.UsageError("give --from NUMBER and --text TEXT, or --pdu HEX")
    with told_in_one_line():
        if pdu_hex:
            inject_pdu(link, pdu_hex)
        else:
            inject_text(link, sender or "", text or "")
