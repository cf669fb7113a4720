"""A connection on which nobody asks is ended; one that is being answered is not, however long that takes."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from console import patience
from console.server import WebServer
from tests.support.ports import free_port

LIMIT_S = 20.0
REQUEST = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
SHORT_S = 0.2


async def slow(_request: Request) -> PlainTextResponse:
    """Takes longer than a request may take to come."""
    await asyncio.sleep(3 * SHORT_S)
    return PlainTextResponse("done")


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """One to a server that waits for a moment only."""
    monkeypatch.setattr(patience, "HEADER_LIMIT_S", SHORT_S)
    port = free_port()
    with (
        WebServer(Starlette(routes=[Route("/slow", slow)]), "127.0.0.1", port),
        socket.create_connection(("127.0.0.1", port), LIMIT_S) as client,
    ):
        yield client


@pytest.mark.parametrize("said", [b"", b"G", REQUEST[:-2]])
def test_no_request(connection: socket.socket, said: bytes) -> None:
    """Nothing, or a header without an end: the connection is ended."""
    connection.sendall(said)

    assert b"" == connection.recv(4096)


def test_answer_that_takes_long(connection: socket.socket) -> None:
    """It comes, and so does the answer to a second request on the same connection."""
    for _ in range(2):
        connection.sendall(REQUEST)
        said = b""
        while not said.endswith(b"done"):
            said += connection.recv(4096)
        assert said.startswith(b"HTTP/1.1 200")


def test_second_request_without_an_end(connection: socket.socket) -> None:
    """What holds for the first holds for those after it."""
    connection.sendall(REQUEST)
    while not connection.recv(4096).endswith(b"done"):
        pass
    connection.sendall(REQUEST[:-2])

    assert b"" == connection.recv(4096)
