"""A modem on the network: a TCP port in front of a serial device, as a port server has it."""

from __future__ import annotations

import os
import select
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class TcpBridge:
    """Passes bytes between one TCP client at a time and the device at `path`; `url` is what to open."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._stopping = False
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stopping = True
        self._thread.join()
        self._listener.close()

    def hang_up(self) -> None:
        """Cut the present connection; the next one is taken again."""
        if self._client:
            self._client.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while not self._stopping:
            if select.select([self._listener], [], [], 0.05)[0]:
                self._client, _ = self._listener.accept()
                device = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
                # A client that is cut off shows as any of several errors: each is the end of that client alone.
                with self._client, suppress(OSError):
                    self._pass_on(self._client, device)
                os.close(device)

    def _pass_on(self, client: socket.socket, device: int) -> None:
        while not self._stopping:
            readable, _, _ = select.select([client, device], [], [], 0.05)
            if client in readable:
                data = client.recv(4096)
                if not data:
                    return
                os.write(device, data)
            if device in readable:
                client.sendall(os.read(device, 4096))
