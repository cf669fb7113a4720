"""Starts what installed units would start, as they would, waits for each to be ready, then ends all in order.

Where no systemd runs this takes its place: user, folders, environment, notify socket and watchdog come from the unit
files. As root, in a network of its own:

    unshare --net /opt/siaga112/bin/python exercise_units.py [--while 'SHELL COMMAND'] UNIT.service …
"""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path("/var/lib")
SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
LIMIT_S = 120.0
WATCHDOG_S = 6

SIOCSIFFLAGS = 0x8914  # netdevice(7)
IFF_UP = 1
UCRED = struct.Struct("3i")  # unix(7): pid, uid, gid


class Unit:
    """One service: its file, then the drop-in of all, as systemd reads them."""

    def __init__(self, name: str) -> None:
        self.name = name
        drop_ins = "siaga112.service.d" if name == "siaga112.service" else "siaga112-.service.d"
        self._values = values((UNITS / name).read_text(), (UNITS / drop_ins / "hardening.conf").read_text())
        self._address = f"exercise-{os.getpid()}-{name}"
        self._heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._heard.bind(f"\0{self._address}")
        self._heard.settimeout(LIMIT_S)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it has said that it is ready and, where a watchdog is set, that it lives."""
        for folder in " ".join(self._values["StateDirectory"]).split():
            (STATE / folder).mkdir(mode=0o700, exist_ok=True)
            shutil.chown(STATE / folder, self._last("User"), self._last("Group"))
        for command in self._values.get("ExecStartPre", []):
            self._popen(command.removeprefix("-"), {}).communicate()
        told = {"NOTIFY_SOCKET": f"@{self._address}"}
        if "WatchdogSec" in self._values:
            told["WATCHDOG_USEC"] = str(WATCHDOG_S * 1_000_000)
        self._process = self._popen(self._last("ExecStart"), told)
        if self._last("Type") == "notify":
            self._await("READY=1")
        elif self._process.stdout is None or b"ready\n" not in iter(self._process.stdout.readline, b""):
            raise RuntimeError(f"{self.name} ended before it was ready")
        if "WatchdogSec" in self._values:
            self._await("WATCHDOG=1")

    def stop(self) -> int:
        """End it as systemd would; returns its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(LIMIT_S)

    def _last(self, key: str) -> str:
        return self._values[key][-1]

    def _popen(self, command: str, told: dict[str, str]) -> "subprocess.Popen[bytes]":
        given = dict(pair.split("=", 1) for pair in shlex.split(self._last("Environment")))
        return subprocess.Popen(
            shlex.split(command),
            env={"PATH": SEARCH, "HOME": self._last("WorkingDirectory")} | given | told,
            cwd=self._last("WorkingDirectory"),
            user=self._last("User"),
            group=self._last("Group"),
            extra_groups=self._values.get("SupplementaryGroups", []),
            umask=int(self._last("UMask"), 8),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._last("Type") == "exec" else subprocess.DEVNULL,
        )

    def _await(self, word: str) -> None:
        while word not in self._said():
            continue

    def _said(self) -> list[str]:
        """The next words of the main process: Asterisk speaks too, and is not meant (NotifyAccess=main)."""
        text, ancillary, _, _ = self._heard.recvmsg(4096, socket.CMSG_SPACE(UCRED.size))
        sender = UCRED.unpack(ancillary[0][2])[0]
        return text.decode().split("\n") if self._process and sender == self._process.pid else []


def values(*texts: str) -> dict[str, list[str]]:
    """What unit files say of each key, in order (systemd.syntax(7))."""
    found: dict[str, list[str]] = {}
    for text in texts:
        lines = "\n".join(line for line in text.split("\n") if not line.startswith(("#", ";")))
        for line in lines.replace("\\\n", " ").split("\n"):
            key, separator, value = line.partition("=")
            if separator:
                found.setdefault(key, []).append(value.strip())
    return found


def bring_up_loopback() -> None:
    """In a new network it is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def main(arguments: Sequence[str]) -> int:
    """Start the units in this order, run a command while all are up, end them in reverse."""
    bring_up_loopback()
    command, names = (arguments[1], arguments[2:]) if arguments[0] == "--while" else ("true", arguments)
    units = [Unit(name) for name in names]
    failed = False
    try:
        for unit in units:
            unit.start()
            sys.stdout.write(f"{unit.name}: ready\n")
            sys.stdout.flush()
        subprocess.run(["timeout", str(LIMIT_S), "sh", "-c", command], check=True)
    finally:
        for unit in reversed(units):
            status = unit.stop()
            failed |= status != 0
            sys.stdout.write(f"{unit.name}: ended with {status}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
