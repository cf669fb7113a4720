"""The call's flow speaks of a line; this is one over AGI."""

import re
import time
from collections.abc import Iterable, Mapping

from agi_scripts.channel import Channel, CommandFailedError
from agi_scripts.channel.channel import COMMAND_SECONDS, MARGIN_SECONDS
from agi_scripts.variables import TRIED_SEPARATOR, Variable
from ivr.call import Chosen, Route
from ivr.line import TIMER_SECONDS, Piece, Recording
from siaga112 import log

MUSIC = "siaga112"
"""The class of music on hold that is music."""

GIVE_WAY_SECONDS = 0.02
"""Asterisk rings the phone when the connection is closed: what we have to tell and log would keep it from a core."""

# What MSet() takes as it is: nothing that separates, quotes or escapes.
_PLAIN = re.compile(r"[A-Za-z0-9 ./_+@-]*")

_log = log.get(__name__)


class AgiLine:
    """A caller on an AGI channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def play(self, recording: Recording) -> str:
        """Play it, piece by piece; the key that cut it short, or ""."""
        for piece in recording.played:
            key = self._play(piece)
            if key:
                return key
        return ""

    def key(self, seconds: float) -> str:
        """The next key within `seconds`, or ""."""
        self._renew(seconds)
        return self._channel.wait_for_digit(round(seconds * 1000))

    def start_music(self, music_class: str = "") -> None:
        """Start this class, or the music itself, and go on."""
        self._run("StartMusicOnHold", music_class or MUSIC)

    def stop_music(self) -> None:
        """End the music."""
        self._run("StopMusicOnHold")

    def wait(self, wake: int, seconds: float) -> bool:
        """Wait for `wake`, the time's end, or the caller's hang-up."""
        self._renew(seconds)
        return self._channel.wait(wake, seconds)

    def note(self, chosen: Chosen) -> None:
        """Set what the hangup handler, the fallback and a later try read."""
        self._set_all(_choice(chosen))

    def hand_over(self, *, outside: bool) -> None:
        """Leave no route, and as the last command that this is meant."""
        if outside:
            self._set(Variable.OUTSIDE, "1")
        self._set(Variable.DONE, "1")

    def route(self, route: Route, chosen: Chosen) -> None:
        """Set the route, and as the last word that it is meant: all in one command where that can be."""
        values = {
            **_choice(chosen),
            Variable.OPERATOR: route.operator,
            Variable.ROUTE: route.endpoint,
            Variable.RING: str(route.ring_seconds),
            Variable.TRIED: TRIED_SEPARATOR.join(route.tried),
            Variable.DONE: "1",
        }
        if not _is_plain(values):
            self._set_each(values)
            self.end()
            return
        self._channel.exec_last("MSet", *_pairs(values))
        time.sleep(GIVE_WAY_SECONDS)
        self._channel.confirm_last()

    def end(self) -> None:
        """Let the dialplan go on alone."""
        self._channel.end()

    def _play(self, piece: Piece) -> str:
        self._renew(piece.seconds)
        try:
            return self._channel.stream_file(str(piece.file), seconds=piece.seconds)
        except CommandFailedError as error:
            # The caller is there and heard nothing: the next piece, and above all an operator, still come.
            _log.error("prompt.not_played", path=str(piece.file), error=str(error))
            return ""

    def _renew(self, seconds: float) -> None:
        self._set(Variable.DEAD_MAN, f"{max(TIMER_SECONDS, seconds + MARGIN_SECONDS):.1f}")

    def _run(self, application: str, *arguments: str) -> None:
        try:
            self._channel.exec_command(application, *arguments, seconds=COMMAND_SECONDS)
        except CommandFailedError as error:
            _log.error("music.failed", application=application, error=str(error))  # waiting in silence is still waiting

    def _set_all(self, values: Mapping[Variable, str]) -> None:
        """All with one command where that can be: the caller waits for each command."""
        if _is_plain(values):
            self._channel.exec_command("MSet", *_pairs(values), seconds=COMMAND_SECONDS)
        else:
            self._set_each(values)

    def _set_each(self, values: Mapping[Variable, str]) -> None:
        for variable, value in values.items():
            self._set(variable, value)

    def _set(self, variable: Variable, value: str) -> None:
        self._channel.set_variable(variable, value)


def _is_plain(values: Mapping[Variable, str]) -> bool:
    """Whether none could be read as more than a value."""
    return _PLAIN.fullmatch("".join(values.values())) is not None


def _pairs(values: Mapping[Variable, str]) -> Iterable[str]:
    return (f"{variable}={value}" for variable, value in values.items())


def _choice(chosen: Chosen) -> dict[Variable, str]:
    return {
        Variable.LANGUAGE: chosen.language,
        Variable.CATEGORY: chosen.category,
        Variable.PRIORITY: str(chosen.priority),
        Variable.LABEL: chosen.label,
    }
