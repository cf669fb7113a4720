"""`modems`: serve, list, and the simulated one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from hardware.modem.simulator import (
    PERSONALITIES,
    Fault,
    SimulatedModem,
    SimulatorError,
    clear_faults,
    inject_pdu,
    order_fault,
    personality_of,
)
from hardware.modem.simulator import inject as inject_text
from hardware.modem.simulator.imei import imei_of
from hardware.modem.simulator.modem import PORTS_LIMIT
from siaga112 import log
from siaga112.app import App
from siaga112.cli.city import city_asked
from siaga112.cli.common import Program, item_named, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_one, print_rows
from siaga112.cli.modem_loopback import line_test
from siaga112.cli.modem_scan import scan
from siaga112.cli.parts import serve_part
from siaga112.cli.paths import GivenPath
from siaga112.cli.wrong_use import WholeNumber, WrongUseError
from siaga112.parts.running import run_part
from siaga112.parts.vitals import Vitals

COLUMNS = ("name", "state", "reason", "signal_dbm", "operator", "stored", "capacity", "credit", "alarms")

_OCTETS = re.compile("([0-9A-Fa-f]{2})+")

LINK = GivenPath(named=True, path_type=Path)


@click.group()
def modems() -> None:
    """GSM modems."""


modems.add_command(scan)
modems.add_command(line_test)


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
    from siaga112.cli.modem_view import as_listed  # noqa: PLC0415
    from sms_gateway.health_board import HealthBoard  # noqa: PLC0415

    app = App(program.settings_to_read)
    with city_asked(app):
        board = HealthBoard(app.redis)
        rows = [as_listed(board.read(modem.name), app.settings.tz) for modem in app.settings.modems[:limit]]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@modems.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, name: str, as_json: bool) -> None:
    """Show all that is known of one modem, and how its signal was during the last day."""
    from siaga112.cli.modem_view import as_row, as_text  # noqa: PLC0415
    from sms_gateway.health_board import HealthBoard  # noqa: PLC0415
    from sms_gateway.signal_history import SignalHistory  # noqa: PLC0415

    app = App(program.settings_to_read)
    item_named(app.settings.modems, name, "modem")
    with city_asked(app):
        view = HealthBoard(app.redis).read(name)
        signals = SignalHistory(app.redis).read(name, datetime.now(UTC))
    print_one((as_row if as_json else as_text)(view, signals, app.settings.tz), as_json=as_json)


class FaultType(click.ParamType[Fault]):
    """A fault of the simulated modem."""

    name = "fault"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fault:
        """Read the option; what is no fault is answered with the list of them."""
        try:
            return value if isinstance(value, Fault) else Fault.parse(value)
        except SimulatorError as error:
            self.fail(str(error), param, ctx)


@modems.command()
@click.argument("link", type=LINK)
@click.option(
    "--personality", type=click.Choice(list(PERSONALITIES)), default="generic", show_default=True, help="whose habits"
)
@click.option(
    "--ports",
    type=WholeNumber(1, PORTS_LIMIT),
    default=1,
    show_default=True,
    help="as a stick has them: LINK, LINK.1, LINK.2 …; the first and the third speak AT",
)
@click.option("--fault", "faults", type=FaultType(), multiple=True, help="what goes wrong from the start")
@click.option("--pin", default="", help="what its SIM asks for; none: nothing")
@click.option("--no-sim", is_flag=True, help="its holder is empty")
def simulate(*, link: Path, personality: str, ports: int, faults: tuple[Fault, ...], pin: str, no_sim: bool) -> None:
    """Run a simulated modem on a pseudo-terminal at LINK, until Ctrl-C."""
    log.configure("simulator")
    with told_in_one_line(SimulatorError):
        modem = SimulatedModem(
            link,
            personality=personality_of(personality),
            ports=ports,
            faults=faults,
            pin=pin,
            sim=not no_sim,
            imei=imei_of(str(link.absolute())),
        )
        run_part("simulator", _serving(modem))


@contextmanager
def _serving(modem: SimulatedModem) -> Iterator[Vitals]:
    """Nobody restarts it, so nothing in it is watched."""
    with modem:
        yield ()


@modems.command()
@click.argument("link", type=LINK)
@click.argument("faults", nargs=-1, metavar="[FAULT] …")
def fault(link: Path, faults: tuple[str, ...]) -> None:
    """Order faults of the simulated modem at LINK that runs; none named: no more faults.

    LINK is that of `modems simulate`; a city's modem whose port is "simulator" has STATE_DIR/modems/NAME.
    """
    checked = FaultType()
    for one in faults:
        checked.convert(one, None, click.get_current_context())
    with told_in_one_line(SimulatorError):
        for one in faults:
            order_fault(link, one)
        if not faults:
            clear_faults(link)


class PduType(click.ParamType[str]):
    """An SMS PDU in hex, as a modem lists it (TS 27.005 clause 3.1); what is in it may be damaged."""

    name = "hex"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the option."""
        text = str(value)
        if not _OCTETS.fullmatch(text):
            self.fail(f"{text!r} is no PDU; write its octets in hex, two digits each: 0791…", param, ctx)
        return text


@modems.command()
@click.argument("link", type=LINK)
@click.option("--from", "sender", help="number or name that it comes from")
@click.option("--text", help="what it says")
@click.option("--pdu", "pdu_hex", type=PduType(), help="instead: a whole SMS-DELIVER in hex")
def inject(link: Path, sender: str | None, text: str | None, pdu_hex: str | None) -> None:
    """Let the simulated modem at LINK receive a message.

    LINK is that of `modems simulate`; a city's modem whose port is "simulator" has STATE_DIR/modems/NAME.
    """
    if (pdu_hex is not None) == bool(sender and text is not None):
        raise WrongUseError("give --from NUMBER and --text TEXT, or --pdu HEX")
    with told_in_one_line(SimulatorError):
        if pdu_hex is not None:
            inject_pdu(link, pdu_hex)
        else:
            inject_text(link, sender or "", text or "")
