"""pyst2's AGI, made safe for a server of threads and for a telephone line.

All of pyst2's commands work as they are named there. Beneath them: every word is quoted, every command has a deadline,
the caller's hang-up is one kind of error however it shows, `result=-1` is told apart from it, and nothing is written to
standard error or to signal handlers.
"""

import time
from collections import deque

from asterisk.agi import AGI

from agi_scripts.channel.command import Quoted, command_line, quote
from agi_scripts.channel.environment import Environment
from agi_scripts.channel.errors import (
    AgiProtocolError,
    ChannelHungUp,
    CommandFailedError,
    CommandRefusedError,
    CommandTimeout,
    EnvironmentIncomplete,
)
from agi_scripts.channel.protocol import DEAD_CHANNEL, SUCCESS, AgiProtocol, HangupNotice, Reply
from agi_scripts.channel.wire import Wire

# A command that neither plays nor waits is answered within milliseconds; this ends before the dead-man timer of 4 s.
COMMAND_SECONDS = 3.0
# What a command that plays or waits may take beyond its own length.
MARGIN_SECONDS = 1.5
# Asterisk sends the environment line by line. Who naps after the first finds the others together, and wakes once.
NAP_SECONDS = 0.001
# Commands that play, wait or run an application, for whoever gives no deadline of their own.
LONG_COMMANDS = ("EXEC", "SAY", "GET DATA", "GET OPTION", "RECORD FILE", "RECEIVE", "SEND", "CONTROL STREAM", "SPEECH")
LONG_SECONDS = 60.0

ALL_KEYS = "0123456789*#"

_MOST_STALE_READS = 64
_CHANNEL_GONE = ("-1", "0")  # CHANNEL STATUS: no such channel; down and available


class Channel(AGI):  # type: ignore[misc]  # pyst2 ships no types
    """One call. Not for several threads at once."""

    def __init__(self, wire: Wire, environment_seconds: float = COMMAND_SECONDS) -> None:
        """Read the environment. Raises `EnvironmentIncomplete` when it does not come in time."""
        # pyst2's own __init__ is not called: it takes the process' SIGHUP handler and writes the caller's number
        # to standard error.
        self.hungup = False
        self._wire = wire
        self._protocol = AgiProtocol()
        self._replies: deque[Reply] = deque()
        self._environment: Environment | None = None
        self._may_go_on = True
        self.environment = self._read_environment(environment_seconds)
        self.env = dict(self.environment.values)  # pyst2's name

    # -- the conversation

    def execute(self, command: str, *args: object, seconds: float | None = None) -> dict[str, tuple[str, str]]:
        """Send a command and wait for its reply: pyst2's result, `{"result": (value, data), "endpos": …}`.

        Raises `ChannelHungUp`, `CommandTimeout` after `seconds`, or an error that leaves the call as it is.
        """
        reply = self._ask(command, args, _deadline(command) if seconds is None else seconds)
        if reply.result == "-1":
            self._raise_if_gone()
            raise CommandFailedError(f"{command}: result=-1, and the caller is still there")
        return {"result": (reply.result, reply.data), "endpos": (str(reply.endpos), "")}

    def wait(self, wake: int, seconds: float) -> bool:
        """Wait until the file descriptor `wake` can be read (True) or `seconds` have passed (False).

        Raises `ChannelHungUp` the moment the caller hangs up.
        """
        end = time.monotonic() + seconds
        while True:
            ready = self._wire.ready_with(wake, end - time.monotonic())
            if self._wire.read_fd in ready:
                self._receive()
                self.test_hangup()
            if wake in ready:
                return True
            if not ready:
                return False

    def send_command(self, command: str, *args: object) -> None:
        """Send a command; `get_result` reads its reply."""
        line = command_line(command, *args)
        self._drop_stale()
        self._wire.write(line, COMMAND_SECONDS)

    def get_result(self, seconds: float = COMMAND_SECONDS) -> Reply:
        """The next reply. Raises `ChannelHungUp`, `CommandTimeout` after `seconds`."""
        end = time.monotonic() + seconds
        while not self._replies:
            left = end - time.monotonic()
            if left <= 0 or not self._wire.ready(left):
                self.hungup = True
                raise CommandTimeout("no reply in time")
            self._receive()
        reply = self._replies.popleft()
        self._may_go_on = reply.code != SUCCESS or bool(reply.data)
        return reply

    def refuse(self, reason: str) -> None:
        """Make AGISTATUS `FAILURE`: res_agi takes a line that begins so for the script's own word."""
        self._wire.write(f"failure: {reason}\n".encode("ascii", "replace"), COMMAND_SECONDS)

    def exec_last(self, command: str, *args: object) -> None:
        """Send an application to be run as the script's last word: the dialplan goes on when it is done, unasked.

        `confirm_last` tells how it went.
        """
        self.send_command("EXEC", command, _application_words(args))
        self._wire.end_writing()

    def confirm_last(self) -> None:
        """Wait until what `exec_last` sent is done. Raises as `execute` does, `ChannelHungUp` if the caller is gone."""
        reply = self.get_result()
        self.hungup = True  # after the reply Asterisk says HANGUP to every script that has ended
        self._raise_if_refused("EXEC", reply)
        if reply.result != "0":
            raise CommandFailedError(f"EXEC: result={reply.result}")

    def end(self) -> None:
        """Let Asterisk go on with the dialplan; nothing more can be said."""
        self.hungup = True
        self._wire.end()

    def _ask(self, command: str, args: tuple[object, ...], seconds: float) -> Reply:
        self.send_command(command, *args)
        reply = self.get_result(seconds)
        self.test_hangup()
        self._raise_if_refused(command, reply)
        return reply

    def _receive(self) -> bool:
        """Take what has come; whether anything had."""
        try:
            data = self._wire.read()
            events = self._protocol.feed(data) if data else []
        except ChannelHungUp:
            self.hungup = True
            raise
        for event in events:
            if isinstance(event, Reply):
                self._replies.append(event)
            elif isinstance(event, HangupNotice):
                self.hungup = True
            else:
                self._environment = event
        return bool(data)

    def _drop_stale(self) -> None:
        """Nothing that is here before a command is sent can be its reply.

        Only what comes from outside, the environment and a value, holds line breaks and so may go on after what looked
        like its end. A hang-up, which comes unasked too, is read before the next reply.
        """
        if self._may_go_on:
            self._read_on()
        self._replies.clear()
        self.test_hangup()

    def _read_on(self) -> None:
        for _ in range(_MOST_STALE_READS):
            if not self._receive():
                return
        self.hungup = True
        raise AgiProtocolError("the other end talks without being asked")

    def _raise_if_refused(self, command: str, reply: Reply) -> None:
        if reply.code == DEAD_CHANNEL:
            self.hungup = True
            raise ChannelHungUp(f"{command}: 511, the channel is dead")
        if reply.code != SUCCESS:
            raise CommandRefusedError(f"{command}: {reply.code} {reply.text.partition(chr(10))[0]}".strip())

    def _raise_if_gone(self) -> None:
        """After `result=-1`: a missing file and a caller who hung up look alike, until Asterisk is asked."""
        if self._ask("CHANNEL STATUS", (), COMMAND_SECONDS).result in _CHANNEL_GONE:
            self.hungup = True
            raise ChannelHungUp("the channel is down")

    def _read_environment(self, seconds: float) -> Environment:
        end = time.monotonic() + seconds
        try:
            while self._wire.ready(end - time.monotonic()):
                self._receive()
                if self._environment is not None:
                    return self._environment
                time.sleep(NAP_SECONDS)
        except ChannelHungUp as error:
            raise EnvironmentIncomplete(str(error)) from error
        raise EnvironmentIncomplete(f"no end of the environment within {seconds} s")

    # -- pyst2's commands whose own form is not safe

    def _quote(self, string: object) -> Quoted:
        return quote(string)

    def test_hangup(self) -> None:
        """Raises `ChannelHungUp` if the caller is known to be gone."""
        if self.hungup:
            raise ChannelHungUp("the caller hung up")

    def stream_file(
        self, filename: str, escape_digits: str = ALL_KEYS, sample_offset: int = 0, seconds: float = LONG_SECONDS
    ) -> str:
        """Play a file of `seconds` length, named without suffix; the key that cut it short or "".

        Raises `CommandFailedError` if it cannot be played.
        """
        digits = quote("".join(map(str, escape_digits)))
        return _digit(self.execute("STREAM FILE", filename, digits, sample_offset, seconds=seconds + MARGIN_SECONDS))

    def wait_for_digit(self, timeout: int = 2000) -> str:
        """The key pressed within `timeout` milliseconds, or ""."""
        return _digit(self.execute("WAIT FOR DIGIT", timeout, seconds=timeout / 1000 + MARGIN_SECONDS))

    def exec_command(self, command: str, *args: object, seconds: float = LONG_SECONDS) -> dict[str, tuple[str, str]]:
        """Run a dialplan application. Raises `CommandFailedError` when there is none of that name."""
        result = self.execute("EXEC", command, _application_words(args), seconds=seconds)
        if result["result"][0] == "-2":
            raise CommandFailedError(f"EXEC {command}: no such application")
        return result


def _application_words(args: tuple[object, ...]) -> Quoted:
    return quote(",".join(map(str, args)))


def _deadline(command: str) -> float:
    return LONG_SECONDS if command.startswith(LONG_COMMANDS) else COMMAND_SECONDS


def _digit(result: dict[str, tuple[str, str]]) -> str:
    """The key of a result, which Asterisk gives as its ASCII code; "" for 0, no key."""
    code = result["result"][0]
    key = chr(int(code)) if code.isascii() and code.isdigit() and len(code) < 4 else ""
    return key if key in ALL_KEYS else ""
