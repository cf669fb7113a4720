"""`recordings`: list, show, play, hold, release."""

from datetime import UTC, datetime

import click

from siaga112.app import App
from siaga112.cli.actor import by_option
from siaga112.cli.common import Program, pass_program, told_in_one_line
from siaga112.cli.listing import listing_options, print_one, print_rows
from siaga112.cli.wrong_use import ROW_ID
from siaga112.parts.recordings import recording_files, retention
from tickets.calls.recording_views import RecordingView, view_recording
from tickets.calls.recordings import (
    RecordingFilter,
    find_recording,
    hold,
    list_recordings,
    record_sound,
    release,
    see_recording,
    sound_history,
)
from tickets.model.recording import Recording
from tickets.views import rfc3339
from tickets.vocabulary import SoundAction

COLUMNS = ("id", "ended_at", "call_id", "ticket", "outcome", "seconds", "keep_until", "hold")


@click.group()
def recordings() -> None:
    """Recordings of calls."""


@recordings.command("list")
@click.option("--held", is_flag=True, help="only those that somebody holds")
@listing_options
@pass_program
def list_(program: Program, held: bool, limit: int, as_json: bool) -> None:
    """List recordings, newest first."""
    app = App(program.settings_to_read)
    with told_in_one_line(), app.store as store, store.reading() as session:
        found = list_recordings(session, RecordingFilter(held=held, limit=limit))
        rows = [_view(app, row).to_json() for row in found]
    print_rows(rows, as_json=as_json, columns=COLUMNS)


@recordings.command()
@click.argument("recording_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="an object")
@pass_program
def show(program: Program, recording_id: int, as_json: bool) -> None:
    """Show one recording, and who did what with the sound of its call."""
    app = App(program.settings_to_read)
    with told_in_one_line(), app.store as store, store.reading() as session:
        row = see_recording(session, recording_id)
        shown = _view(app, row).to_json()
        history = [
            {
                "at": rfc3339(event.at.astimezone(app.settings.tz)),
                "actor": event.actor,
                "action": event.action.value,
                "detail": event.detail,
            }
            for event in sound_history(session, row.call_id)
        ]
    told = history if as_json else [" ".join(filter(None, event.values())) for event in history]
    print_one({**shown, "history": told}, as_json=as_json)


@recordings.command()
@click.argument("recording_id", metavar="ID", type=ROW_ID)
@by_option
@pass_program
def play(program: Program, recording_id: int, by: str) -> None:
    """Write down that somebody listens, then print the file's path."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store, store.transaction() as session:
        row = find_recording(session, recording_id)
        file = recording_files(app).folder / row.path
        if not file.is_file():
            raise click.ClickException(f"{file} is not there: is it on another machine?")
        record_sound(session, row.call_id, SoundAction.PLAY, actor=by, at=datetime.now(UTC))
    click.echo(str(file))


@recordings.command("hold")
@click.argument("recording_id", metavar="ID", type=ROW_ID)
@click.option("--reason", default="", help="why, such as the number of a police report")
@by_option
@pass_program
def hold_(program: Program, recording_id: int, reason: str, by: str) -> None:
    """Keep a recording until it is released, whatever [recording] says."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store, store.transaction() as session:
        row = find_recording(session, recording_id)
        hold(session, row, reason=reason, actor=by, at=datetime.now(UTC))
    click.echo(f"recording {recording_id} is kept until it is released")


@recordings.command("release")
@click.argument("recording_id", metavar="ID", type=ROW_ID)
@by_option
@pass_program
def release_(program: Program, recording_id: int, by: str) -> None:
    """Hold a recording no more: it is deleted when its time is over."""
    app = App(program.settings)
    with told_in_one_line(), app.store as store, store.transaction() as session:
        row = find_recording(session, recording_id)
        if not release(session, row, actor=by, at=datetime.now(UTC)):
            raise click.ClickException(f"nobody holds recording {recording_id}")
        until = _view(app, row).to_json()["keep_until"]
    click.echo(f"recording {recording_id} is kept until {until}")


def _view(app: App, row: Recording) -> RecordingView:
    folder = str(recording_files(app).folder)
    return view_recording(row, retention(app.settings.recording), folder, app.settings.tz)
