"""`messages`: list, dead ones, trying one again, sending one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from redis_queue.errors import QueueError
from siaga112.app import App
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import Code, Since, listing_options, moment, print_rows
from siaga112.cli.wrong_use import ROW_ID, WrongUseError
from siaga112.dead_letters import SEPARATOR, DeadLetters
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.views import view_message
from tickets.vocabulary import Direction, MessageState

COLUMNS = ("id", "created_at", "direction", "modem", "from", "to", "state", "ticket", "text")
DEAD_COLUMNS = ("id", "created_at", "modem", "from", "reason", "pdu")


class DeadId(click.ParamType[int | str]):
    """A message's number, or what `messages dead` shows for an entry of a stream: ``calls:1763778000000-0``."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """Read the argument."""
        if SEPARATOR in str(value):
            return str(value)
        return ROW_ID.convert(value, param, ctx)


@click.group()
def messages() -> None:
    """Messages from and to citizens."""


@messages.command("list")
@click.option("--direction", type=Code(Direction))
@click.option("--since", type=Since(), help="2026-11-21, 2026-11-21T08:00 or 30m, 2h, 7d")
@listing_options
@pass_program
def list_(
    program: Program, *, direction: Direction | None, since: datetime | timedelta | None, limit: int, as_json: bool
) -> None:
    """List messages, newest first."""
    app = App(program.settings_to_read)
    wanted = MessageFilter(
        direction=direction,
        since=moment(since, datetime.now(UTC), app.settings.tz),
        limit=limit,
    )
    print_rows(_rows(app, wanted), as_json=as_json, columns=COLUMNS)


@messages.command()
@listing_options
@pass_program
def dead(program: Program, limit: int, as_json: bool) -> None:
    """List all that could not be made anything of, with the reason: messages, and entries of the streams."""
    app = App(program.settings_to_read)
    rows = [*_rows(app, MessageFilter(state=MessageState.DEAD, limit=limit)), *_letters(app, limit)]
    rows.sort(key=lambda row: str(row["created_at"]), reverse=True)
    print_rows(rows[:limit], as_json=as_json, columns=DEAD_COLUMNS)


@messages.command()
@click.argument("message_id", metavar="ID", type=DeadId())
@pass_program
def retry(program: Program, message_id: int | str) -> None:
    """Read a dead message again, give an entry of a stream to the worker again, or queue what failed to go out."""
    from sms_gateway.retry import Retry  # noqa: PLC0415 - brings the PDU codec, which a listing does not need

    app = App(program.settings)
    with told_in_one_line():
        if isinstance(message_id, str):
            click.echo(DeadLetters(app).again(message_id))
            return
        with app.store as store, store.transaction() as session:
            click.echo(Retry(app.settings, app.site, app.catalogue).again(session, message_id))


@messages.command()
@click.argument("words", metavar="[NUMBER] TEXT", nargs=-1, required=True)
@click.option("--ticket", metavar="TICKET", help="to who reported this ticket; TEXT stands alone then")
@click.option("--modem", help="the modem that sends it, or twilio; default: the line that the citizen wrote to")
@pass_program
def send(program: Program, words: tuple[str, ...], ticket: str | None, modem: str | None) -> None:
    """Send TEXT to NUMBER. An open ticket of that citizen takes it into its conversation."""
    from sms_gateway.operator_messages import OperatorMessages  # noqa: PLC0415 - a listing does not need it

    *number, text = words
    if len(number) != (0 if ticket else 1):
        raise WrongUseError("right would be: send NUMBER TEXT, or send --ticket TICKET TEXT (quote the text)")
    app = App(program.settings)
    writing = OperatorMessages(app.settings)
    _require_line(app, modem)
    recipient = _recipient(app, number, text)
    with told_in_one_line(), app.store as store, store.transaction() as session:
        at = datetime.now(UTC)
        if recipient is None:
            sent = writing.on_ticket(session, ticket or "", text, at=at, modem=modem)
        else:
            sent = writing.to_number(session, recipient, text, at=at, modem=modem)
        on_ticket = f" on ticket {sent.ticket.number}" if sent.ticket else ""
        click.echo(f"message {sent.id}{on_ticket} waits for {sent.modem}")


def _require_line(app: App, modem: str | None) -> None:
    from sms_gateway.lines import sms_lines  # noqa: PLC0415 - a listing does not need it

    names = sms_lines(app.settings)
    if modem is not None and modem not in names:
        raise WrongUseError(f"there is no modem {modem!r}; there are: {', '.join(names) or 'none'}")


def _recipient(app: App, number: list[str], text: str) -> str | None:
    """The number in E.164, when one is given; exit status 2 for a number or text that cannot be sent."""
    from sms_gateway.errors import UnsendableError  # noqa: PLC0415 - a listing does not need it
    from sms_gateway.sendable import check_text, checked_recipient  # noqa: PLC0415

    try:
        check_text(text)
        return checked_recipient(number[0], app.settings.site.country) if number else None
    except UnsendableError as error:
        raise WrongUseError(str(error)) from error


def _letters(app: App, limit: int) -> list[dict[str, object]]:
    """Those of the streams. Redis away hides no dead message of the database, and is said."""
    try:
        return [letter.to_json(app.settings.tz) for letter in DeadLetters(app).newest(limit)]
    except QueueError as error:
        click.echo(f"Warning: what is dead in the streams is not shown: {error}", err=True)
        return []


def _rows(app: App, wanted: MessageFilter) -> list[dict[str, object]]:
    with told_in_one_line(), app.store as store, store.reading() as session:
        return [view_message(message, app.settings.tz).to_json() for message in list_messages(session, wanted)]
