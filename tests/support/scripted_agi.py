"""A FastAGI server whose behaviour a test writes down: it answers as a script of ours would, or fails as one might."""

import queue
import socket
import threading
from collections.abc import Callable
from typing import BinaryIO, Self


class Conversation:
    """One AGI session, seen from the script."""

    def __init__(self, connection: socket.socket, lines: BinaryIO) -> None:
        self._connection = connection
        self._file = lines
        self.environment = dict(self._environment())

    @property
    def call_id(self) -> str:
        """The caller's Uniqueid."""
        return self.environment["agi_uniqueid"]

    def command(self, line: str) -> str:
        """Send a command; the reply, or an empty text when Asterisk has ended the session."""
        try:
            self._connection.sendall(f"{line}\n".encode())
            return self._file.readline().decode().strip()
        except OSError:
            return ""

    def set(self, name: str, value: str) -> None:
        """Set a channel variable."""
        self.command(f'SET VARIABLE {name} "{value}"')

    def get(self, name: str) -> str:
        """A channel variable."""
        return self.command(f"GET VARIABLE {name}").partition("(")[2].removesuffix(")")

    def route(self, operator: str, *, ring: int = 10, category: str = "medis", label: str = "Medis") -> None:
        """What the real script does at its end."""
        self.set("SIAGA112_OPERATOR", operator)
        self.set("SIAGA112_CATEGORY", category)
        self.set("SIAGA112_LANGUAGE", "id")
        self.set("SIAGA112_LABEL", label)
        self.set("SIAGA112_RING", str(ring))
        self.set("SIAGA112_ROUTE", f"PJSIP/{operator}")
        self.set("SIAGA112_DONE", "1")

    def wait_end(self) -> None:
        """Wait until Asterisk ends the session."""
        while self._file.readline():
            continue

    def _environment(self) -> list[tuple[str, str]]:
        pairs = []
        while line := self._file.readline().decode().strip():
            name, _, value = line.partition(": ")
            pairs.append((name, value))
        return pairs


Script = Callable[[Conversation], None]


class ScriptedAgi:
    """The server; `script` runs once for each session, in a thread of its own. `port` may be shut and opened again."""

    def __init__(self, port: int, script: Script) -> None:
        self.script = script
        self.sessions: queue.Queue[Conversation] = queue.Queue()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and end all sessions, as a server that is killed does."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            try:
                conversation = Conversation(connection, lines)
                self.sessions.put(conversation)
                self.script(conversation)
            except OSError:
                return
