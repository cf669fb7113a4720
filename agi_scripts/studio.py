"""A telephone as somebody uses it who records prompts: it says, hears numbers, and records."""

from pathlib import Path

from agi_scripts.channel import Channel, CommandFailedError
from agi_scripts.channel.channel import MARGIN_SECONDS
from agi_scripts.line import AgiLine
from agi_scripts.variables import Variable
from ivr.desk import Desk
from ivr.line import Recording
from siaga112 import log

END_KEY = "#"
# Seconds until the next digit of a number; who has put the phone down gets no other question.
DIGIT_SECONDS = 8.0
# Hz/ms, as Playtones takes them.
TONE = "!1000/300"
TONE_SECONDS = 0.4

_log = log.get(__name__)


class Studio:
    """One telephone. Every method raises `LineLost` when it has hung up."""

    def __init__(self, channel: Channel, desk: Desk) -> None:
        self._channel = channel
        self._line = AgiLine(channel)
        self._desk = desk

    def say(self, name: str) -> str:
        """Say a prompt in the site's own language; the key that ended it, or ""."""
        recording = self._desk.prompts.find(name, self._desk.menu.language)
        return self.play(recording) if recording is not None else ""

    def play(self, recording: Recording) -> str:
        """Play a recording; the key that ended it, or ""."""
        return self._line.play(recording)

    def choice(self, name: str) -> str:
        """Ask for one key; "" when none comes."""
        return self.say(name) or self._line.key(DIGIT_SECONDS)

    def number(self, name: str, longest: int) -> str:
        """Ask for a number that ends with `END_KEY`, or with its `longest`; "" when none comes."""
        typed = ""
        key = self.choice(name)
        while key and key != END_KEY:
            typed += key
            if len(typed) == longest:
                break
            key = self._line.key(DIGIT_SECONDS)
        return typed

    def record(self, target: Path, seconds: float) -> bool:
        """Record into `target`, a WAV file, until a key or `seconds`; False if Asterisk could not."""
        self._channel.set_variable(Variable.DEAD_MAN, f"{seconds + TONE_SECONDS + MARGIN_SECONDS:.1f}")
        try:
            self._channel.exec_command("Playtones", TONE)
            self._channel.wait_for_digit(round(TONE_SECONDS * 1000))
            self._channel.execute(
                "RECORD FILE",
                str(target.with_suffix("")),
                "wav",
                END_KEY,
                round(seconds * 1000),
                seconds=seconds + MARGIN_SECONDS,
            )
        except CommandFailedError as error:
            _log.error("record.failed", path=str(target), error=str(error))
            return False
        return True
