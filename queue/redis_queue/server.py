"""A private redis-server: its configuration file, its command line, and whether it is there.

Who starts, adopts and stops the process is the supervisor. Every write is on the disk before it is acknowledged
(`appendfsync always`), which costs about 0.15 ms and is what lets a modem delete a message.
"""

import os
import re
from enum import Enum, auto
from pathlib import Path

from redis import Redis
from redis import exceptions as redis_errors

from redis_queue.connection import no_retry
from redis_queue.errors import DirectoryError

CONFIG_NAME = "redis.conf"
PID_NAME = "redis.pid"
LOG_NAME = "redis.log"
_SOCKET_PATH_MAX = 107  # sockaddr_un.sun_path, unix(7), less the closing zero

# "4711:M 22 Nov 2026 02:44:17.745 # ": process, role, time, level (redis.conf, `loglevel`).
_LOG_PREFIX = re.compile(r"^\d+:[A-Z] .{15,30}? [.*#-] ")
_LOG_TAIL = 4096


class Answer(Enum):
    """What a server says to a PING."""

    SERVES = auto()
    LOADING = auto()
    """It reads its file: it will serve by itself."""

    SILENT = auto()


def write_config(directory: Path, socket_path: Path) -> Path:
    """Write `redis.conf` into `directory` (made if missing, for its owner only) and return its path.

    Raises:
        DirectoryError: it cannot be written, or the socket's path is too long for the system.
    """
    if len(os.fsencode(socket_path)) > _SOCKET_PATH_MAX:
        raise DirectoryError(
            f"{socket_path}: a Unix socket's path has at most {_SOCKET_PATH_MAX} bytes; choose a shorter one"
        )
    config = directory / CONFIG_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        config.write_text(_config(directory.absolute(), socket_path.absolute()), encoding="utf-8")
    except OSError as error:
        raise DirectoryError(f"{directory}: {error.strerror}; choose a directory that can be written") from error
    return config


def command(config: Path, binary: str = "redis-server") -> list[str]:
    """Return what to execute; it stays in the foreground and stops cleanly at SIGTERM."""
    return [binary, str(config.absolute())]


def ping(socket_path: Path, *, timeout_s: float = 0.5) -> bool:
    """Whether a server answers at the socket and has loaded its data."""
    return ask(socket_path, timeout_s=timeout_s) is Answer.SERVES


def ask(socket_path: Path, *, timeout_s: float = 0.5) -> Answer:
    """What the server at the socket says to a PING."""
    client = Redis(unix_socket_path=str(socket_path), socket_timeout=timeout_s, retry=no_retry())
    try:
        client.ping()
    except redis_errors.BusyLoadingError:
        return Answer.LOADING
    except redis_errors.RedisError:
        return Answer.SILENT
    finally:
        client.close()
    return Answer.SERVES


def last_words(directory: Path) -> str:
    """The last line of the server's log, without its time: why it ended, when it did so by itself."""
    try:
        with (directory / LOG_NAME).open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _LOG_TAIL, 0))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((_LOG_PREFIX.sub("", line).strip() for line in reversed(lines) if line.strip()), "")


def pid(directory: Path) -> int | None:
    """Return the process id that the server wrote, or None. The process may be gone since."""
    try:
        return int((directory / PID_NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _config(directory: Path, socket_path: Path) -> str:
    settings = [
        ("port", "0"),
        ("unixsocket", _quoted(socket_path)),
        ("unixsocketperm", "700"),
        ("dir", _quoted(directory)),
        ("pidfile", _quoted(directory / PID_NAME)),
        ("logfile", _quoted(directory / LOG_NAME)),
        ("daemonize", "no"),
        ("appendonly", "yes"),
        ("appendfsync", "always"),
        ("no-appendfsync-on-rewrite", "no"),
        # A command that was cut short when the power failed was never acknowledged.
        ("aof-load-truncated", "yes"),
        ("save", '""'),
        ("maxmemory-policy", "noeviction"),
    ]
    return "".join(f"{key} {value}\n" for key, value in settings)


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
