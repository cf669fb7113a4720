"""The web server: uvicorn in a thread, on a port that is ours before anybody is told that we are there."""

import socket
import threading
from ipaddress import ip_address
from time import monotonic

import uvicorn
from starlette.types import ASGIApp

from console.patience import KEEP_ALIVE_S, ImpatientProtocol

LONGEST_END_S = 10
"""So long requests in hand may take at the end."""

MOST_CONNECTIONS = 500


class WebServer:
    """Serves from entering to leaving. Entering raises `OSError`, with the address, when the port cannot be had."""

    def __init__(self, application: ASGIApp, host: str, port: int) -> None:
        self._host = host
        self._port = port
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=MOST_CONNECTIONS,
            http=ImpatientProtocol,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=LONGEST_END_S,
        )
        self._server = _Server(config)
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="web")

    def progress(self) -> float:
        """When the loop that serves last went round (`time.monotonic`)."""
        return self._server.went_round_at

    def __enter__(self) -> "WebServer":
        self._socket = _listen(self._host, self._port)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        if self._socket is not None:
            with self._socket:
                self._server.run(sockets=[self._socket])


class _Server(uvicorn.Server):
    """One that notes each turn of its loop, ten a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.went_round_at = monotonic()

    async def on_tick(self, counter: int) -> bool:
        self.went_round_at = monotonic()
        return await super().on_tick(counter)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    # With its protocol named, or asyncio leaves Nagle on (no TCP_NODELAY), and each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Listening already: who is told that we are ready may connect at once.
        listener.listen(MOST_CONNECTIONS)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"[web] {host} port {port}: {error.strerror}; is another server there?") from error
    return listener
