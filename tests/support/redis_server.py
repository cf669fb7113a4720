"""A real redis-server that a test may kill, restart and freeze; its configuration is the one that we ship."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from redis_queue.server import command, ping, write_config

_START_DEADLINE_S = 10.0


class RedisServer:
    """One server on a Unix socket, in a directory of its own with a path short enough for the socket."""

    def __init__(self, data_name: str = "data") -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="siaga-redis-", dir="/tmp"))
        self.data = self.directory / data_name
        self.socket_path = self.directory / "s"
        self.config = write_config(self.data, self.socket_path)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What `connect` takes."""
        return f"unix://{self.socket_path}"

    @property
    def pid(self) -> int:
        """The running server's process id."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it answers, its data loaded."""
        self._process = subprocess.Popen(command(self.config), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_DEADLINE_S
        while not ping(self.socket_path):
            assert self._process.poll() is None, (self.data / "redis.log").read_text()
            assert time.monotonic() < deadline, "redis-server does not answer"

    def running(self) -> bool:
        """Whether the process is there (frozen counts)."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Kill it with -9: what is not in its file is gone."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill it with -9 and start it again on the same data."""
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Let connections stand and answer nothing, as a machine that swaps does."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """End `freeze`."""
        os.kill(self.pid, signal.SIGCONT)

    def remove(self) -> None:
        """Kill it if it runs, and delete all that it kept."""
        if self.running():
            self._end(signal.SIGKILL)
        shutil.rmtree(self.directory)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None, "the server is not running"
        self._process.send_signal(how)
        self._process.wait()
        self._process = None
