"""`callers`: show, lift."""

import re
from datetime import UTC, datetime

import click

from siaga112 import phone
from siaga112.app import App
from siaga112.cli.actor import by_option
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_one
from siaga112.cli.phones_told import tell_phones
from siaga112.cli.wrong_use import WrongUseError
from tickets.calls.callers import caller_history
from tickets.calls.diversions import lift_diversion

_DIGITS = re.compile(r"[+*#]?[0-9*#]+")


@click.group()
def callers() -> None:
    """Callers, by their numbers."""


@callers.command()
@click.argument("number")
@listing_options
@pass_program
def show(program: Program, number: str, limit: int, as_json: bool) -> None:
    """Show a number's calls and tickets, newest first, its marks, and until when its calls pass a challenge first."""
    app = App(program.settings_to_read)
    wanted = _number(app, number)
    with told_in_one_line(), app.store as store, store.reading() as session:
        row = caller_history(session, wanted, now=datetime.now(UTC), timezone=app.settings.tz, limit=limit).to_json()
    print_one(row if as_json else _for_people(row), as_json=as_json)


@callers.command()
@click.argument("number")
@by_option
@pass_program
def lift(program: Program, number: str, by: str) -> None:
    """Have a number's calls pass no challenge any more; pranks until now count no more."""
    app = App(program.settings)
    wanted = _number(app, number)
    with told_in_one_line(), app.store as store:
        with store.transaction() as session:
            lifted = lift_diversion(session, wanted, actor=by, at=datetime.now(UTC))
        if not lifted:
            raise click.ClickException(f"{wanted} is not diverted")
        tell_phones(app, wanted)
    click.echo(f"{wanted} is diverted no more")


def _number(app: App, text: str) -> str:
    """The number as calls have it; wrong use when it cannot be one. A forged or short one is a caller's too."""
    wanted = phone.normalise(text, app.settings.site.country)
    if _DIGITS.fullmatch(wanted) is None:
        raise WrongUseError(f"{text!r} is no telephone number; right would be 08123450099, +628123450099 or 112")
    return wanted


def _for_people(row: dict[str, object]) -> dict[str, object]:
    """Lists as their most telling fields, one line each."""
    telling = {
        "calls": ("started_at", "id", "outcome", "ticket"),
        "marks": ("at", "mark", "call_id"),
        "tickets": ("number", "status", "category"),
        "diversions": ("since", "until", "lifted_by"),
    }
    return {name: _lines(value, telling[name]) if name in telling else value for name, value in row.items()}


def _lines(value: object, fields: tuple[str, ...]) -> list[str]:
    items = value if isinstance(value, list) else []
    return [" ".join(str(item[field]) for field in fields if item[field] is not None) for item in items]
