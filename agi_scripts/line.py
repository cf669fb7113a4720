"""The call's flow speaks of a line; this is one over AGI."""

from agi_scripts.channel import Channel, CommandFailedError
from agi_scripts.channel.channel import COMMAND_SECONDS, MARGIN_SECONDS
from agi_scripts.variables import TRIED_SEPARATOR, Variable
from ivr.call import Chosen, Route
from ivr.line import TIMER_SECONDS, Piece, Recording
from siaga112 import log

MUSIC = "siaga112"
"""The class of music on hold that is music."""

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
        self._set(Variable.LANGUAGE, chosen.language)
        self._set(Variable.CATEGORY, chosen.category)
        self._set(Variable.PRIORITY, str(chosen.priority))
        self._set(Variable.LABEL, chosen.label)

    def want_outside(self) -> None:
        """Say so, and that handing the call over is meant."""
        self._set(Variable.OUTSIDE, "1")
        self._set(Variable.DONE, "1")

    def route(self, route: Route) -> None:
        """Set the route, and as the last command that it is meant."""
        self._set(Variable.OPERATOR, route.operator)
        self._set(Variable.ROUTE, route.endpoint)
        self._set(Variable.RING, str(route.ring_seconds))
        self._set(Variable.TRIED, TRIED_SEPARATOR.join(route.tried))
        self._set(Variable.DONE, "1")

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

    def _set(self, variable: Variable, value: str) -> None:
        self._channel.set_variable(variable, value)
