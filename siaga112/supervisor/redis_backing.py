"""The private redis-server: started when the configuration names no other."""

import os
import shutil
import signal
import time
from collections.abc import Iterable

from hardware.detached import Detached
from redis_queue import server
from redis_queue.errors import DirectoryError
from siaga112.paths import StatePaths
from siaga112.supervisor.errors import ServerDownError

START_LIMIT_S = 30.0
"""An append-only file of a busy week loads within it."""

STOP_LIMIT_S = 10.0
LOOK_EVERY_S = 0.02


class RedisBacking:
    """A redis-server of our own on a Unix socket, which keeps every acknowledged write (`appendfsync always`)."""

    name = "redis-server"

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths
        self._server = Detached(
            # Without it the process renames itself, and the next `up` could not tell it from a stranger.
            [*server.command(paths.redis / server.CONFIG_NAME), "--set-proc-title", "no"],
            pid_file=paths.run / "redis.pid",
            output=paths.redis / "output.log",
        )

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._server.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._server.alive

    def start(self) -> bool:
        """Start it, or adopt the one that runs; returns True when it was adopted."""
        adopted = self._server.adopt()
        if not adopted:
            if shutil.which("redis-server") is None:
                raise ServerDownError("redis-server is not installed: apt-get install redis-server, or set [redis] url")
            self._begin()
        self._await_answer()
        return adopted

    def descriptors(self) -> Iterable[int]:
        """What becomes readable when it ends."""
        return (self._server.fileno(),) if self._server.pid is not None else ()

    def drain(self) -> None:
        """Nothing to wait for: whoever writes has stopped before."""

    def stop(self) -> None:
        """End it; what it acknowledged is on the disk already."""
        self._server.end(STOP_LIMIT_S)

    def kill(self) -> None:
        """End it at once."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGTERM)

    def _begin(self) -> None:
        try:
            server.write_config(self._paths.redis, self._paths.redis_socket)
            self._server.start()
        except (DirectoryError, OSError) as error:
            raise ServerDownError(f"redis-server cannot be started: {error}") from error

    def _await_answer(self) -> None:
        until = time.monotonic() + START_LIMIT_S
        while not server.ping(self._paths.redis_socket):
            # A Unix socket that appears cannot be waited for by itself; the server's end can.
            if self._server.wait(LOOK_EVERY_S) or time.monotonic() > until:
                raise ServerDownError(f"redis-server does not answer: see {self._paths.redis / server.LOG_NAME}")
