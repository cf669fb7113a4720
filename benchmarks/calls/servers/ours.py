"""Our own server and channel."""

import signal
import sys
from contextlib import ExitStack

from agi_scripts.channel import Channel
from agi_scripts.scripts import SCRIPTS
from agi_scripts.server import AgiServer
from benchmarks.calls.conversation import Given, Play, SetAll, given, open_here
from siaga112 import log


def speak(channel: Channel, what: Given) -> None:
    """One call in our words."""
    conversation = what.conversation(channel.environment.uniqueid, channel.environment.callerid)
    command = next(conversation)
    while True:
        reply = ""
        match command:
            case Play(file):
                reply = channel.stream_file(file)
            case SetAll(values):
                channel.exec_command("MSet", *values)
            case _:
                channel.set_variable(command.name, command.value)
        try:
            command = conversation.send(reply)
        except StopIteration:
            return


def main(whole: bool) -> None:
    """Serve until SIGTERM; `whole`: the script that calls really get."""
    log.configure("agi")
    with ExitStack() as stack:
        what = given(stack)
        scripts = SCRIPTS if whole else {"call": lambda channel, _desk: speak(channel, what)}
        server = AgiServer(what.desk or open_here(stack), scripts)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        server.listen()


if __name__ == "__main__":
    main(whole="--whole" in sys.argv)
