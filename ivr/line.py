"""The telephone line as a call's flow sees it: play, hear a key, wait. `agi_scripts` speaks AGI beneath it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class LineLost(Exception):  # noqa: N818 - a caller who hangs up is no error, and ends the flow like one
    """The caller is gone, or nothing more can be said on this line."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file that can be played: its path with suffix, its length in seconds."""

    path: Path
    seconds: float


class Line(Protocol):
    """One caller. Each method raises `LineLost` when the caller is gone.

    One that waits first renews the dialplan's dead-man timer.
    """

    def play(self, recording: Recording) -> str:
        """Play it; the key that cut it short, "" at its end. A file that Asterisk cannot play counts as played."""

    def key(self, seconds: float) -> str:
        """The next key within `seconds`, "" when none was pressed."""

    def get(self, name: str) -> str:
        """A channel variable, "" when it is not set."""

    def set(self, name: str, value: str) -> None:
        """Set a channel variable."""

    def start_music(self) -> None:
        """Start music on hold and go on."""

    def stop_music(self) -> None:
        """End the music."""

    def wait(self, wake: int, seconds: float) -> bool:
        """Wait until the file descriptor `wake` can be read (True) or `seconds` have passed (False)."""
