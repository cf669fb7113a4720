"""An operator's phone that dialled a feature code, over AGI."""

from agi_scripts.channel import Channel, CommandFailedError
from agi_scripts.line import AgiLine
from agi_scripts.variables import Variable
from ivr.call import node_of
from ivr.line import TIMER_SECONDS, Recording
from ivr.phone_features import Dialled, Done, Feature, Following
from siaga112 import log
from siaga112.phone import NumberFormat, for_trunk

# Hz/ms, as Playtones takes them: two short beeps, and Indonesia's tone for what cannot be done.
DONE_TONE = "!850/150,!0/100,!850/150,!0/1000"
REFUSED_TONE = "congestion"
TONE_SECONDS = 1.0

_NUMBERS = {
    NumberFormat.E164: Variable.TO_E164,
    NumberFormat.PLUS62: Variable.TO_PLUS62,
    NumberFormat.LOCAL: Variable.TO_LOCAL,
}

_log = log.get(__name__)


class OperatorPhone:
    """The phone and what the dialplan said of it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._line = AgiLine(channel)

    def dialled(self) -> Dialled:
        """What was dialled, by whose phone. Raises `ValueError` for a feature that there is none of."""
        return Dialled(
            Feature(self._get(Variable.FEATURE)),
            operator=self._get(Variable.PHONE),
            target=self._get(Variable.TARGET),
            node=node_of(self._channel.environment.uniqueid),
        )

    def say(self, recording: Recording | None, *, good: bool) -> None:
        """Say it; without a recording, a tone that tells whether it was done."""
        if recording is not None:
            self._line.play(recording)
            return
        self._set(Variable.DEAD_MAN, str(TIMER_SECONDS))
        try:
            self._channel.exec_command("Playtones", DONE_TONE if good else REFUSED_TONE)
        except CommandFailedError as error:
            _log.error("tone.failed", error=str(error))
        self._channel.wait_for_digit(round(TONE_SECONDS * 1000))

    def leave(self, done: Done, country: str) -> None:
        """Tell the dialplan what follows."""
        if done.following is Following.CALL:
            self._set(Variable.CALLBACK, done.number)
            for style, variable in _NUMBERS.items():
                self._set(variable, for_trunk(done.number, style, country))
        self._set(Variable.NEXT, done.following.value)
        self._set(Variable.DONE, "1")

    def _get(self, variable: Variable) -> str:
        return str(self._channel.get_variable(variable))

    def _set(self, variable: Variable, value: str) -> None:
        self._channel.set_variable(variable, value)
