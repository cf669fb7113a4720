"""Redis over a line where a test can act at the moment when a command is on its way."""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class RedisLine:
    """Passes bytes to the server behind `socket_path`; `action` is called before the first `command` is passed on."""

    def __init__(self, socket_path: Path, command: bytes, action: Callable[[], None]) -> None:
        self._behind = socket_path
        self._command = command
        self._action = action
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._acted = False
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stopping.set()
        self._acceptor.join()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    @property
    def url(self) -> str:
        """What `[redis] url` takes."""
        return f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"

    def _accept(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._listener], [], [], 0.05)[0]:
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._pass_on, args=(client,))
                thread.start()
                self._threads.append(thread)

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.connect(str(self._behind))
        # A client that was killed shows as any of several errors: each is the end of that client alone.
        with client, server, suppress(OSError):
            while not self._stopping.is_set():
                readable, _, _ = select.select([client, server], [], [], 0.05)
                for source, target in ((client, server), (server, client)):
                    if source in readable and not self._forward(source, target):
                        return

    def _forward(self, source: socket.socket, target: socket.socket) -> bool:
        data = source.recv(65536)
        if self._command in data and not self._acted:
            self._acted = True
            self._action()
        target.sendall(data)
        return bool(data)
