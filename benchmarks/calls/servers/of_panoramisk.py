"""panoramisk: asyncio."""

import asyncio
import sys
from contextlib import ExitStack

from panoramisk import fast_agi

from benchmarks.calls.conversation import ESCAPE, Command, Given, Play, SetAll, given


def line(command: Command) -> str:
    """The command as it is sent: this library has no commands of its own."""
    match command:
        case Play(file):
            return f'STREAM FILE "{file}" "{ESCAPE}" 0'
        case SetAll(values):
            return f'EXEC MSet "{",".join(values)}"'
    return f'SET VARIABLE {command.name} "{command.value}"'


async def speak(request: fast_agi.Request, what: Given) -> None:
    """One call in its words."""
    about = request.headers
    conversation = what.conversation(about["agi_uniqueid"], about["agi_callerid"])
    command = next(conversation)
    while True:
        answer = await request.send_command(line(command))
        reply = str(answer.get("result", ("", ""))[0])
        try:
            command = conversation.send(reply or "")
        except StopIteration:
            return


async def serve(what: Given) -> None:
    """Serve for ever."""
    app = fast_agi.Application(loop=asyncio.get_running_loop())

    async def call(request: fast_agi.Request) -> None:
        await speak(request, what)

    app.add_route("call", call)
    server = await asyncio.start_server(app.handler, "127.0.0.1", what.port)
    await server.serve_forever()


def main() -> None:
    """Serve until killed."""
    with ExitStack() as stack:
        asyncio.run(serve(given(stack)))


if __name__ == "__main__":
    sys.exit(main())
