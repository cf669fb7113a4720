"""`modems test`: a message from a modem to itself."""

import time
from datetime import UTC, datetime

import click

from siaga112.app import App
from siaga112.cli.city import city_asked
from siaga112.cli.common import Program, item_named, pass_program, told_in_one_line
from siaga112.cli.wrong_use import WholeNumber
from sms_gateway.health_board import HealthBoard
from sms_gateway.line_tests import own_number, unknown_number
from sms_gateway.loopback import line_test_state, queue_line_test
from tickets.vocabulary import MessageState

LOOK_EVERY_S = 0.5


@click.command("test")
@click.argument("name")
@click.option(
    "--wait", "limit_s", type=WholeNumber(1, 3600), default=120, show_default=True, help="seconds to wait for it"
)
@pass_program
def line_test(program: Program, name: str, limit_s: int) -> None:
    """Let a modem of the running city send itself an SMS, and wait until that comes; no ticket is made of it."""
    app = App(program.settings)
    modem = item_named(app.settings.modems, name, "modem")
    with city_asked(app):
        view = HealthBoard(app.redis).read(name)
    if not view.works:
        raise click.ClickException(f"{name} is {view.state}: {view.reason}")
    number = own_number(modem, view, app.settings.site.country)
    if not number:
        raise click.ClickException(unknown_number(name))
    began = time.monotonic()
    with told_in_one_line(), app.store as store:
        with store.transaction() as session:
            message_id = queue_line_test(session, name, number, datetime.now(UTC)).id
        click.echo(f"{name} sends itself message {message_id}")
        told_sent = False
        while time.monotonic() - began < limit_s:
            with store.reading() as session:
                test = line_test_state(session, message_id)
            took = time.monotonic() - began
            if test.sent and not told_sent:
                told_sent = True
                click.echo(f"sent after {took:.1f} s")
            if test.came:
                click.echo(f"came after {took:.1f} s: {name} carries messages both ways")
                return
            if test.state is MessageState.FAILED:
                raise click.ClickException(f"{name} could not send it: {test.error}")
            time.sleep(LOOK_EVERY_S)
    missing = "came" if told_sent else "was sent"
    raise click.ClickException(f"nothing {missing} within {limit_s} s: look at siaga112 modems show {name}")
