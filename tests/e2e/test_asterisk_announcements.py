"""Announcements to who waits are music on hold: they sound as they should, and end the moment they are told to."""

import threading

from hardware.asterisk.announcements import music_class
from hardware.softphone import OutgoingCall, Phone, answering
from hardware.softphone.history import Moment
from tests.support.asterisk_server import MUSIC_HZ, AsteriskServer, write_tone
from tests.support.scripted_agi import Conversation, ScriptedAgi

SAID_HZ = 1200
SAID_S = 20.0
"""Longer than any of these tests: what comes after an announcement has begun comes in the middle of it."""


class Waiting:
    """A script that plays what the test tells it to, until it is to `route` the call to 1001 or to `die`."""

    def __init__(self) -> None:
        self._steps = threading.Semaphore(0)
        self._commands: list[str] = []

    def __call__(self, script: Conversation) -> None:
        script.set("TIMEOUT(absolute)", "60")
        while (command := self._next()) not in ("route", "die"):
            script.command(command)
        if command == "route":
            script.route("1001")

    def play(self, music: str) -> None:
        """Start a class of music on hold."""
        self.say(f'EXEC StartMusicOnHold "{music}"')

    def say(self, command: str) -> None:
        """One command, after those before."""
        self._commands.append(command)
        self._steps.release()

    def _next(self) -> str:
        self._steps.acquire()
        return self._commands.pop(0)


def announcement(asterisk: AsteriskServer) -> str:
    """The class of "stay on the line", which here is a tone."""
    file = asterisk.prompts / "id" / "stay.wav"
    write_tone(file, SAID_HZ, SAID_S)
    return music_class(file)


def hear(call: OutgoingCall, wanted: int, other: int) -> None:
    """Wait for one of the two tones to be all that is heard."""
    call.wait_tone(wanted)
    assert not call.hears_tone(other)


def test_announcement_and_music_take_turns(asterisk: AsteriskServer, carrier: Phone) -> None:
    """One takes the place of the other without a pause of its own, and Asterisk has nothing to complain of."""
    said, script = announcement(asterisk), Waiting()
    before = asterisk.log
    with ScriptedAgi(asterisk.agi_port, script):
        call = asterisk.dial(carrier)
        for music, wanted, other in (
            ("siaga112", MUSIC_HZ, SAID_HZ),
            (said, SAID_HZ, MUSIC_HZ),
            ("siaga112", MUSIC_HZ, SAID_HZ),
            (said, SAID_HZ, MUSIC_HZ),
        ):
            script.play(music)
            hear(call, wanted, other)
        call.hangup()
        script.say("die")

    assert before == asterisk.log


def test_operator_in_the_middle_of_an_announcement(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The operator's phone rings at once and the announcement is cut off; both hear each other and nothing else."""
    said, script = announcement(asterisk), Waiting()
    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, script):
        call = asterisk.dial(carrier)
        script.play(said)
        call.wait_tone(SAID_HZ)
        script.say("EXEC StopMusicOnHold")
        script.say("route")
        talk = operator.incoming()
        talk.wait_answered()
        talk.play_tone(900)
        hear(call, 900, SAID_HZ)
        asked, answered = talk.moment(Moment.INVITE_RECEIVED), call.wait_answered()
        call.hangup()

    assert asked is not None
    assert asked - answered < SAID_S


def test_script_that_dies_in_an_announcement(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The caller is not left with half a word for ever: music until a phone is answered, then the operator alone."""
    said, script = announcement(asterisk), Waiting()
    with asterisk.phone("1001") as operator, ScriptedAgi(asterisk.agi_port, script):
        call = asterisk.dial(carrier)
        script.play(said)
        call.wait_tone(SAID_HZ)
        script.say("die")
        ringing = operator.incoming()
        hear(call, MUSIC_HZ, SAID_HZ)
        ringing.answer()
        ringing.play_tone(900)
        hear(call, 900, MUSIC_HZ)
        call.hangup()
