"""The private redis-server: started when the configuration names no other."""

import shutil
import signal
import time

from hardware.detached import Detached
from redis_queue import server
from redis_queue.errors import DirectoryError
from redis_queue.server import Answer
from siaga112 import log
from siaga112.paths import StatePaths
from siaga112.supervisor.errors import ServerDownError

SILENT_LIMIT_S = 20.0
"""A server that is starting answers within a moment, if only that it is loading its data."""

LOADING_LIMIT_S = 20.0
"""So long a look at a server that is loading its data lasts; then it is said, and looked at again."""

STOP_LIMIT_S = 10.0
LOOK_EVERY_S = 0.02
LOG_SIZE = 10_000_000


class RedisBacking:
    """A redis-server of our own on a Unix socket, which keeps every acknowledged write (`appendfsync always`)."""

    name = "redis-server"

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths
        self._server = Detached(
            # Without it the process renames itself, and the next `up` could not tell it from a stranger.
            [*server.command(paths.redis / server.CONFIG_NAME), "--set-proc-title", "no"],
            pid_file=paths.redis_pid_file,
            output=paths.redis / "output.log",
        )

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._server.pid

    def start(self) -> bool:
        """Start it, or adopt the one that runs; returns True when it was adopted. One that is frozen is ended."""
        adopted = self._server.adopt()
        if not adopted:
            if shutil.which("redis-server") is None:
                raise ServerDownError("redis-server is not installed: apt-get install redis-server, or set [redis] url")
            self._begin()
        self._await_answer()
        return adopted

    def fileno(self) -> int:
        """What becomes readable when it ends."""
        return self._server.fileno()

    def answers(self, limit_s: float) -> bool:
        """Whether it answers a PING."""
        return server.ask(self._paths.redis_socket, timeout_s=limit_s) is not Answer.SILENT

    def tidy(self) -> None:
        """Put a log file that has grown aside; Redis opens it anew for each line."""
        file = self._paths.redis / server.LOG_NAME
        try:
            if file.stat().st_size >= LOG_SIZE:
                file.replace(file.with_suffix(".log.1"))
        except OSError as error:
            log.get("supervisor").warning("logs.not_rotated", server=self.name, reason=str(error))

    def drain(self) -> None:
        """Nothing to wait for: whoever writes has stopped before."""

    def stop(self) -> None:
        """End it; what it acknowledged is on the disk already."""
        self._server.end(STOP_LIMIT_S)

    def kill(self) -> None:
        """End it at once; that loses nothing that it acknowledged."""
        self._server.signal(signal.SIGKILL)
        self._server.end(STOP_LIMIT_S)

    def _begin(self) -> None:
        try:
            server.write_config(self._paths.redis, self._paths.redis_socket)
            self._server.start()
        except (DirectoryError, OSError) as error:
            raise ServerDownError(f"redis-server cannot be started: {error}") from error

    def _await_answer(self) -> None:
        began = time.monotonic()
        while (answer := server.ask(self._paths.redis_socket)) is not Answer.SERVES:
            waited_s = time.monotonic() - began
            # A Unix socket that appears cannot be waited for by itself; the server's end can.
            if self._server.wait(LOOK_EVERY_S):
                raise ServerDownError(self._why_it_ended())
            if answer is Answer.LOADING and waited_s > LOADING_LIMIT_S:
                raise ServerDownError("redis-server is still loading its data")
            if answer is Answer.SILENT and waited_s > SILENT_LIMIT_S:
                self.kill()
                raise ServerDownError(f"redis-server did not answer within {SILENT_LIMIT_S:g} s and was ended")

    def _why_it_ended(self) -> str:
        why = server.last_words(self._paths.redis) or "it did not say why"
        where = f"socket {self._paths.redis_socket}, log {self._paths.redis / server.LOG_NAME}"
        return f"redis-server ended while starting: {why} ({where})"
