"""Where an installation keeps what on disk, all below its state directory."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from siaga112.settings import Settings

LONGEST_SOCKET_PATH = 107
"""Bytes of a Unix socket's path: sockaddr_un holds 108 with the closing NUL (unix(7))."""

_ROOM_FOR_NAME = 30


@dataclass(frozen=True)
class StatePaths:
    """The folders and files of one installation."""

    state_dir: Path

    @property
    def database(self) -> Path:
        """The SQLite file, when no other database is named."""
        return self.state_dir / "siaga112.db"

    @property
    def prompts(self) -> Path:
        """Prompts as built from the texts, one folder a language, and music on hold.

        Beside them, one level up, are the city's own recordings unless `[ivr] prompts_dir` names another place.
        """
        return self.state_dir / "prompts" / "built"

    @property
    def prompt_pieces(self) -> Path:
        """Recordings made ready to be played; whatever is missing is made again."""
        return self.state_dir / "prompts" / "pieces"

    @property
    def prompt_takes(self) -> Path:
        """What is being recorded by telephone."""
        return self.state_dir / "prompts" / "takes"

    @property
    def redis(self) -> Path:
        """The private redis-server's folder."""
        return self.state_dir / "redis"

    @property
    def asterisk(self) -> Path:
        """The managed Asterisk's folder."""
        return self.state_dir / "asterisk"

    @property
    def modems(self) -> Path:
        """Links to the simulated modems."""
        return self.state_dir / "modems"

    @property
    def run(self) -> Path:
        """Sockets, pid files and locks: `run` in the state directory, unless a socket's path were too long there."""
        plain = self.state_dir.absolute() / "run"
        if len(os.fsencode(plain)) + _ROOM_FOR_NAME <= LONGEST_SOCKET_PATH:
            return plain
        name = hashlib.sha256(os.fsencode(plain)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"siaga112-{os.getuid()}" / name

    @property
    def redis_socket(self) -> Path:
        """Where the private redis-server listens."""
        return self.run / "redis.sock"

    @property
    def redis_pid_file(self) -> Path:
        """By it the private redis-server is found again."""
        return self.run / "redis.pid"

    def make_state_dir(self) -> None:
        """Make the state directory, closed to others: what citizens said is in it. One that is there stays as it is."""
        self.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    def make_run(self) -> Path:
        """Make the run folder, closed to others; a folder there that is not ours raises PermissionError.

        The path in the temporary directory can be guessed, so somebody may have been there first.
        """
        self.make_state_dir()
        run = self.run
        run.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        run.mkdir(mode=0o700, exist_ok=True)
        for folder in (run, run.parent) if run.parent.name.startswith("siaga112-") else (run,):
            status = folder.lstat()
            if status.st_uid != os.getuid() or folder.is_symlink():
                raise PermissionError(f"{folder} belongs to somebody else: remove it")
        return run


def redis_url(settings: Settings) -> str:
    """The configured Redis, else the private one."""
    return settings.redis.url.get_secret_value() or f"unix://{StatePaths(settings.site.state_dir).redis_socket}"
