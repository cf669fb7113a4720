"""The control socket beside the link, by which another process lets messages arrive and asks what was sent.

The socket is LINK.ctl. Where that path is too long for a socket, LINK.ctl is a symbolic link to one in the folder for
temporary files.
"""

from __future__ import annotations

import os
import shutil
import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hardware.modem.simulator.control_messages import Request, Response
from hardware.modem.simulator.errors import SimulatorError

LONGEST_PATH = 107  # bytes of sun_path less its end mark, unix(7)
REQUEST_LIMIT = 1 << 20
PATIENCE_S = 5.0
POLL_S = 0.05

Answering = Callable[[Request], Response]


def control_path(link: Path) -> Path:
    """Give the path of the control socket of the modem at `link`."""
    return link.with_name(link.name + ".ctl")


def connect(link: Path) -> socket.socket:
    """Connect to the modem at `link`. Raises OSError."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE_S)
    try:
        client.connect(str(control_path(link).resolve()))
    except BaseException:
        client.close()
        raise
    return client


class _Server(socketserver.UnixStreamServer):
    request_queue_size = 128  # a Unix socket turns away at once whoever finds the queue full

    def __init__(self, path: Path, answering: Answering) -> None:
        self.answering = answering
        super().__init__(str(path), _Handler)
        path.chmod(0o600)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = PATIENCE_S  # a client that says nothing must not keep the others waiting

    def handle(self) -> None:
        try:
            response = self.server.answering(Request.from_line(self.rfile.readline(REQUEST_LIMIT)))
        except SimulatorError as error:
            response = Response(error=str(error))
        except TimeoutError:
            response = Response(error="no request came")
        with suppress(ConnectionError):  # who only looked whether we are there waits for no answer
            self.wfile.write(response.to_line())


class ControlServer:
    """Serves LINK.ctl in a thread of its own."""

    def __init__(self, link: Path, answering: Answering) -> None:
        """Take the path. Raises SimulatorError when another simulator has it."""
        self._path = control_path(link)
        self._folder: Path | None = None
        if _alive(link):
            raise SimulatorError(f"{link}: another simulated modem is there; stop it, or name another path")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            self._server = _Server(self._socket_path(), answering)
        except OSError as error:
            raise SimulatorError(f"{self._path}: cannot be made: {error.strerror}") from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name=f"control of {link}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving and clean up."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._path.unlink(missing_ok=True)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _socket_path(self) -> Path:
        if len(os.fsencode(self._path)) <= LONGEST_PATH:
            return self._path
        self._folder = Path(tempfile.mkdtemp(prefix="modem-"))
        short = self._folder / "ctl"
        self._path.symlink_to(short)
        return short


def _alive(link: Path) -> bool:
    try:
        connect(link).close()
    except BlockingIOError:
        return True  # so many ask that it takes no more just now
    except OSError:
        return False
    return True
