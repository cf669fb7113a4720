"""The two SMS daemons of Debian, each on one modem, its files in a folder of its own, as fast as they can be made."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

END_S = 10.0


class SmsDaemon:
    """A daemon in a process group of its own, from `__enter__` to `__exit__`; `inbox` is where messages are put."""

    def __init__(self, argv: list[str], inbox: Path, log: Path) -> None:
        self.inbox = inbox
        self._argv = argv
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Ask it to end; what is left of its group then is killed."""
        assert self._process is not None
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(END_S)

    @property
    def pid(self) -> int:
        """The leader of its group."""
        assert self._process is not None
        return self._process.pid

    def received(self) -> list[str]:
        """What it has put into its inbox so far, a file each."""
        return [path.read_text("utf-8", "replace") for path in sorted(self.inbox.iterdir())]

    def count(self) -> int:
        """How many messages are in its inbox."""
        return sum(1 for _ in self.inbox.iterdir())


def _folders(folder: Path, *names: str) -> dict[str, Path]:
    made = {name: folder / name for name in names}
    for path in made.values():
        path.mkdir(parents=True)
    return made


class GammuSmsd(SmsDaemon):
    """gammu-smsd with its files service and no pauses: by default it looks every 15 s and rests a second a round."""

    def __init__(self, folder: Path, port: Path) -> None:
        folders = _folders(folder, "inbox", "outbox", "sent", "error")
        self.config = folder / "gammu-smsdrc"
        self.config.write_text(
            f"""[gammu]
device = {port}
connection = at115200
[smsd]
service = files
logfile = {folder / "smsd.log"}
debuglevel = 0
inboxpath = {folders["inbox"]}/
outboxpath = {folders["outbox"]}/
sentsmspath = {folders["sent"]}/
errorsmspath = {folders["error"]}/
inboxformat = standard
loopsleep = 0
receivefrequency = 0
statusfrequency = 0
commtimeout = 10
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
"""
        )
        super().__init__(["gammu-smsd", "-c", str(self.config)], folders["inbox"], folder / "out.log")

    def queue(self, number: str, text: str) -> None:
        """Have it send a message, by its own command."""
        argv = ["gammu-smsd-inject", "-c", str(self.config), "TEXT", number, "-text", text]
        subprocess.run(argv, check=True, capture_output=True, timeout=30)


class Smstools(SmsDaemon):
    """smsd of smstools 3, with the shortest pauses that it takes."""

    def __init__(self, folder: Path, port: Path) -> None:
        folders = _folders(folder, "incoming", "outgoing", "checked", "sent", "failed", "report")
        self._outgoing = folders["outgoing"]
        config = folder / "smsd.conf"
        paths = "".join(f"{name} = {path}\n" for name, path in folders.items())
        config.write_text(
            f"""devices = GSM1
{paths}logfile = {folder / "smsd.log"}
infofile = {folder / "smsd.working"}
pidfile = {folder / "smsd.pid"}
delaytime = 1
errorsleeptime = 1
[GSM1]
device = {port}
incoming = high
baudrate = 115200
"""
        )
        super().__init__(["/usr/sbin/smsd", "-t", f"-c{config}"], folders["incoming"], folder / "out.log")

    def queue(self, number: str, text: str) -> None:
        """Have it send a message, by a file in its spool."""
        draft = self._outgoing.parent / "draft"
        draft.write_text(f"To: {number.removeprefix('+')}\n\n{text}\n")
        draft.rename(self._outgoing / "message")
