"""Who looks after the recordings of this machine: composed for the worker."""

from datetime import timedelta

from hardware.asterisk.layout import Layout
from hardware.asterisk.render import RECORDING_STOP
from ivr.recording_files import RecordingFiles
from ivr.recording_keeper import RecordingKeeper
from siaga112.app import App
from siaga112.settings import Recording
from tickets.calls.recordings import Retention


def recording_keeper(app: App) -> RecordingKeeper:
    """The keeper of the folder that Asterisk writes to, which is made if it is not there."""
    files = recording_files(app)
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RecordingKeeper(
        files,
        app.store,
        retention(app.settings.recording),
        stop=RECORDING_STOP,
        min_free_bytes=app.settings.recording.min_free_mb << 20,
    )


def recording_files(app: App) -> RecordingFiles:
    """The folder that Asterisk writes to."""
    return RecordingFiles(Layout.under(app.paths.state_dir).recordings)


def retention(settings: Recording) -> Retention:
    """How long recordings are kept."""
    return Retention(timedelta(days=settings.keep_days), timedelta(days=settings.keep_days_prank))
