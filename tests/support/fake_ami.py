"""An AMI server that says what a test tells it, to everybody who logs in, whatever the password."""

import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from hardware.asterisk.ami import AmiAddress

_LIMIT_S = 30.0
_BOOTED = b"Event: FullyBooted\r\n\r\n"


def event(name: str, **headers: str) -> bytes:
    """An event as it goes over the wire."""
    lines = {"Event": name, **headers}
    return "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode() + b"\r\n"


class FakeAmi:
    """Takes connections, answers each action with `Success`, and then says what it is told to.

    Attributes:
        logins: how many have logged in.
        refuses: whether it lets nobody in.
        refused: how many it has not let in.
    """

    def __init__(self) -> None:
        self.logins = self.refused = 0
        self.refuses = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._server.close()
        self.hang_up()
        for thread in self._threads[1:]:
            thread.join()

    @property
    def address(self) -> AmiAddress:
        """Where it is."""
        return AmiAddress("127.0.0.1", self._server.getsockname()[1], "siaga112", "secret")

    def say(self, data: bytes) -> None:
        """To everybody who is connected."""
        with self._changed:
            for connection in self._connections:
                connection.sendall(data)

    def hang_up(self) -> None:
        """End each connection."""
        with self._changed:
            for connection in self._connections:
                with suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)

    def wait_refused(self, count: int) -> bool:
        """Wait until so many have been refused."""
        with self._changed:
            return self._changed.wait_for(lambda: self.refused >= count, _LIMIT_S)

    def wait_left(self) -> bool:
        """Wait until nobody is connected."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._connections, _LIMIT_S)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            connection.settimeout(_LIMIT_S)
            with self._changed:
                self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            with suppress(OSError):  # so a connection may end, too
                self._converse(connection, lines)
            with self._changed:
                self._connections.remove(connection)
                self._changed.notify_all()

    def _converse(self, connection: socket.socket, lines: Iterable[bytes]) -> None:
        connection.sendall(b"Asterisk Call Manager/11.0.0\r\n")
        action: dict[bytes, bytes] = {}
        for line in lines:
            name, _, value = line.strip().partition(b": ")
            if name:
                action[name] = value
                continue
            self._answer(connection, action)
            action = {}

    def _answer(self, connection: socket.socket, action: dict[bytes, bytes]) -> None:
        answer = b"Response: Success\r\nActionID: " + action[b"ActionID"] + b"\r\nChallenge: 1\r\n\r\n"
        with self._changed:
            if action[b"Action"] == b"Login" and self.refuses:
                self.refused += 1
                self._changed.notify_all()
                answer = b"Response: Error\r\nActionID: " + action[b"ActionID"] + b"\r\nMessage: no\r\n\r\n"
            elif action[b"Action"] == b"Login":
                self.logins += 1
                answer += _BOOTED
            connection.sendall(answer)
