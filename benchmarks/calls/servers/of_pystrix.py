"""pystrix: a thread for each call."""

import sys
from contextlib import ExitStack

import pystrix
from pystrix.agi import core

from benchmarks.calls.conversation import ESCAPE, Given, Play, SetAll, given


def speak(agi: "pystrix.agi.FastAGI", what: Given) -> None:
    """One call in its words."""
    about = agi.get_environment()
    conversation = what.conversation(about["agi_uniqueid"], about["agi_callerid"])
    command = next(conversation)
    while True:
        reply = ""
        match command:
            case Play(file):
                pressed = agi.execute(core.StreamFile(file, escape_digits=ESCAPE))
                reply = pressed[0] if pressed else ""
            case SetAll(values):
                agi.execute(core.Exec("MSet", values))
            case _:
                agi.execute(core.SetVariable(command.name, command.value))
        try:
            command = conversation.send(reply)
        except StopIteration:
            return


def main() -> None:
    """Serve until killed."""
    with ExitStack() as stack:
        what = given(stack)
        server = pystrix.agi.FastAGIServer(interface="127.0.0.1", port=what.port, daemon_threads=True)
        server.register_script_handler(None, lambda agi, *_: speak(agi, what))
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
