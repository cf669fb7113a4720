"""`modems scan`: which modems are there, and the lines of a configuration that would use them."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import click

from hardware.modem.health import ModemState
from hardware.modem.scanning import ScannedPort, best_ports, candidates
from hardware.modem.scanning import scan as scan_ports
from siaga112.cli.listing import print_rows
from siaga112.cli.paths import GivenPath

COLUMNS = ("stick", "port", "answers_AT", "state", "reason", "model", "imsi", "number", "operator", "signal_dbm")

NO_PORTS = "no serial ports: plug a modem in, or name its ports: siaga112 modems scan PATH …"


@click.command()
@click.argument("paths", nargs=-1, type=GivenPath(instead="none for all serial ports"), metavar="[PATH] …")
@click.option("--json", "as_json", is_flag=True, help="an array of objects, one for each port")
def scan(paths: tuple[str, ...], as_json: bool) -> None:
    """Look what answers at each PATH (all serial ports), and print a configuration to paste; changes nothing."""
    found = scan_ports(paths or candidates())
    if not found:
        raise click.ClickException(NO_PORTS)
    rows = [{**dataclasses.asdict(port), "state": port.state.value} for port in found]
    shown = rows if as_json else [{**row, "answers_AT": row["speaks_at"]} for row in rows]
    print_rows(shown, as_json=as_json, columns=COLUMNS)
    if not as_json:
        click.echo(configuration(found))


def configuration(found: Sequence[ScannedPort]) -> str:
    """`[[modems]]` for each stick, at the port that is best; what is wrong with it stands beside."""
    return "".join(_block(port) for port in best_ports(found))


def _block(port: ScannedPort) -> str:
    lines = ["", "[[modems]]"]
    if port.reason:
        lines.append(f"# {port.reason}")
    lines += [f'name = "{_name(port)}"', f"port = {json.dumps(port.port, ensure_ascii=False)}"]
    if port.state is ModemState.PIN:
        lines.append('pin = ""')
    if port.number and port.number.startswith("+"):
        lines.append(f'number = "{port.number}"')
    return "\n".join(lines) + "\n"


def _name(port: ScannedPort) -> str:
    """The network's name and the stick's number: two cards of one network are common."""
    letters = "".join(letter for letter in (port.operator or Path(port.port).name).casefold() if letter.isalnum())
    return f"{letters[:20] or 'modem'}-{port.stick}"
