"""aioagi-ik: asyncio on aiohttp."""

import asyncio
import sys
from contextlib import ExitStack

from aioagi import runner
from aioagi.app import AGIApplication
from aioagi.request import AGIRequest
from aiohttp.web_runner import AppRunner

from benchmarks.calls.conversation import ESCAPE, Given, Play, SetAll, given


async def speak(request: AGIRequest, what: Given) -> None:
    """One call in its words."""
    agi, about = request.agi, request.headers
    conversation = what.conversation(about["agi_uniqueid"], about["agi_callerid"])
    command = next(conversation)
    while True:
        reply = ""
        match command:
            case Play(file):
                reply = str(await agi.stream_file(file, ESCAPE))
            case SetAll(values):
                await agi.exec_app("MSet", ",".join(values))
            case _:
                await agi.set_variable(command.name, command.value)
        try:
            command = conversation.send(reply)
        except StopIteration:
            return


async def serve(what: Given) -> None:
    """Serve for ever."""
    app = AGIApplication()

    async def call(request: AGIRequest) -> None:
        await speak(request, what)

    app.router.add_route("*", "/call", call)
    app_runner = AppRunner(app)
    await app_runner.setup()
    await runner.AGISite(app_runner, "127.0.0.1", what.port, backlog=1024).start()
    await asyncio.Event().wait()


def main() -> None:
    """Serve until killed."""
    with ExitStack() as stack:
        asyncio.run(serve(given(stack)))


if __name__ == "__main__":
    sys.exit(main())
