"""The telephone line as a call's flow sees it: play, hear a key, wait. `agi_scripts` speaks AGI beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hardware.asterisk.dead_man import SCRIPT_SECONDS

if TYPE_CHECKING:  # a classic AGI has its channel long before it has read the configuration
    from ivr.call import Chosen, Route

TIMER_SECONDS = float(SCRIPT_SECONDS)
"""A line that stands still for longer is taken from the script by the dialplan's dead-man timer."""


class LineLost(Exception):  # noqa: N818 - a caller who hangs up is no error, and ends the flow like one
    """The caller is gone, or nothing more can be said on this line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a recording, short enough for the dead-man timer: its file without suffix, its length in seconds."""

    file: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file that can be played: its path with suffix, its length in seconds, the pieces that are played for it.

    Without pieces it is played as it is.
    """

    path: Path
    seconds: float
    pieces: tuple[Piece, ...] = ()

    @property
    def played(self) -> tuple[Piece, ...]:
        """What is played, in order."""
        return self.pieces or (Piece(self.path.with_suffix(""), self.seconds),)


class Line(Protocol):
    """One caller. Each method but `end` raises `LineLost` when the caller is gone.

    One that waits first renews the dialplan's dead-man timer. Here and not in `agi_scripts`, because that room imports
    this one; calls in memory, without Asterisk, are the second kind.
    """

    def play(self, recording: Recording) -> str:
        """Play it; the key that cut it short, "" at its end. A file that Asterisk cannot play counts as played."""

    def key(self, seconds: float) -> str:
        """The next key within `seconds`, "" when none was pressed."""

    def start_music(self, music_class: str = "") -> None:
        """Start this class of music on hold, or the music itself, in the place of what sounds now, and go on."""

    def stop_music(self) -> None:
        """End the music."""

    def wait(self, wake: int, seconds: float) -> bool:
        """Wait until the file descriptor `wake` can be read (True) or `seconds` have passed (False)."""

    def note(self, chosen: Chosen) -> None:
        """Leave what the caller chose for the dialplan, which needs it whatever happens to us."""

    def hand_over(self, *, outside: bool) -> None:
        """Say that the fallback is meant; `outside`: beginning with the outside number."""

    def route(self, route: Route, chosen: Chosen) -> None:
        """Tell the dialplan whom to ring, and for what: the last thing that is said on this line."""

    def end(self) -> None:
        """Let the dialplan go on alone, at once."""
