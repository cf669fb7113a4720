"""A city in small: the real supervisor over servers and parts that do nothing but what a test's files tell them.

Run as a program it is that city (`supervise`) or one of its parts (`part`). In its folder

- `SERVER.broken` holds why the server cannot start,
- `SERVER.held` is a FIFO: its start waits until somebody has written into it,
- `PART.refuses` holds why the part cannot run,
- `PART.stuck` is there while one of the part's threads stands still.

SIGUSR1 makes a thread of a part die.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO

from hardware.detached import Detached
from siaga112 import log
from siaga112.notify import notify
from siaga112.parts.running import LIFELINE_VARIABLE, run_part
from siaga112.parts.vitals import Vital, Vitals
from siaga112.supervisor import child, keeper
from siaga112.supervisor.child import Child
from siaga112.supervisor.errors import ServerDownError
from siaga112.supervisor.supervisor import Supervisor, print_ready

LIMIT_S = 60.0


class SmallServer:
    """A process of its own that only sleeps; stopped by SIGSTOP it does not answer."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        argv = ["sleep", f"{10_000 + len(name)}"]
        self._process = Detached(argv, pid_file=folder / f"{name}.pid", output=folder / f"{name}.output")

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid

    def start(self) -> bool:
        """Start it, when the folder's files allow that."""
        for why in self._folder.glob(f"{self.name}.broken"):
            raise ServerDownError(why.read_text())
        for held in self._folder.glob(f"{self.name}.held"):
            held.read_text()
        adopted = self._process.adopt()
        if not adopted:
            self._process.start()
        return adopted

    def fileno(self) -> int:
        """Readable when it has ended."""
        return self._process.fileno()

    def answers(self, limit_s: float) -> bool:
        """A process that was stopped answers nothing."""
        return "\nState:\tT" not in Path(f"/proc/{self.pid}/status").read_text()

    def tidy(self) -> None:
        """Note that it was called."""
        (self._folder / f"{self.name}.tidied").touch()

    def drain(self) -> None:
        """Say so."""
        say(f"{self.name} drained")

    def stop(self) -> None:
        """End it."""
        self._process.end(LIMIT_S)
        say(f"{self.name} stopped")

    def end_left(self) -> None:
        """End one that a city has left running."""
        if self._process.adopt():
            self.kill()
            self._process.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.signal(signal.SIGKILL)
        self._process.wait(LIMIT_S)


def say(line: str) -> None:
    """A line on standard output, whole even when several processes write."""
    os.write(1, f"{line}\n".encode())


@contextmanager
def small_part(folder: Path, name: str) -> Iterator[Vitals]:
    """Say `up` and `down`; what it is made of is stuck when its file says so."""

    def die(*_: object) -> None:
        threading.Thread(target=lambda: 1 / 0, name="doomed").start()

    signal.signal(signal.SIGUSR1, die)
    say(f"{name} up")
    yield (Vital("inside", lambda: 0.0 if (folder / f"{name}.stuck").exists() else monotonic(), 1.0),)
    say(f"{name} down")


def part_main(folder: Path, name: str) -> None:
    """One part as a process."""
    log.configure(name)
    for why in folder.glob(f"{name}.refuses"):
        notify(f"STATUS={why.read_text()}")
        sys.exit(1)
    run_part(name, small_part(folder, name))


def supervise_main(folder: Path, watchdog_s: float, servers: list[str]) -> int:
    """The city: these servers, and two parts in two stages."""
    log.configure("up")
    child.WATCHDOG_S = watchdog_s
    keeper.PROBE_EVERY_S = 0.1

    def part(name: str) -> Child:
        argv = [sys.executable, "-m", "tests.support.small_city", "part", str(folder), name]
        return Child(name, argv, vital=name != "extra")

    stages = [[part("last")], [part("first")]]
    if (folder / "extra.refuses").exists():
        stages.append([part("extra")])
    return Supervisor([SmallServer(folder, name) for name in servers], stages, on_ready=print_ready).run()


class SmallCity:
    """Such a city in a process of its own; what it says is kept line by line.

    Args:
        lifeline: a descriptor that it inherits and that ends it at end-of-file.
    """

    def __init__(self, folder: Path, *servers: str, watchdog_s: float = 300.0, lifeline: int | None = None) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.small_city", "supervise", str(folder), str(watchdog_s), *servers],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ if lifeline is None else os.environ | {LIFELINE_VARIABLE: str(lifeline)},
            pass_fds=() if lifeline is None else (lifeline,),
        )
        self.said: list[str] = []
        self.log: list[str] = []
        self._changed = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines))
            for stream, lines in ((self.process.stdout, self.said), (self.process.stderr, self.log))
        ]
        for reader in self._readers:
            reader.start()

    def until(self, line: str, count: int = 1) -> None:
        """Wait until it, or a part of it, has said this so often."""
        self._wait(lambda: self.said.count(line) >= count, line)

    def until_logged(self, *words: str, count: int = 1) -> None:
        """Wait until so many lines of the log hold all these words."""
        self._wait(lambda: len(self.logged(*words)) >= count, " ".join(words))

    def logged(self, *words: str) -> list[str]:
        """The log's lines that hold all these words."""
        return [line for line in self.log if all(word in line for word in words)]

    def children(self) -> list[int]:
        """Process ids of its parts and of the servers that it started."""
        listed = "".join(
            task.read_text() for task in Path(f"/proc/{self.process.pid}/task").glob("*/children") if task.exists()
        )
        return [int(pid) for pid in listed.split()]

    def part_pid(self, name: str) -> int:
        """Process id of a part."""
        return next(pid for pid in self.children() if name in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))

    def server_pid(self, name: str) -> int:
        """Process id of a server."""
        return int((self.folder / f"{name}.pid").read_text())

    def ended(self) -> int:
        """Wait for its end, and for all that was said until then."""
        status = self.process.wait(LIMIT_S)
        for reader in self._readers:
            reader.join(LIMIT_S)
        return status

    def close(self) -> None:
        """End it and its servers, whatever they do."""
        for pid in self.children() if self.process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.ended()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        for server in self.folder.glob("*.pid"):
            SmallServer(self.folder, server.stem).end_left()

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        for line in stream:
            with self._changed:
                lines.append(line.strip())
                self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, LIMIT_S), f"{what} was not said; said: {self.said} {self.log}"


if __name__ == "__main__":
    command, where, *rest = sys.argv[1:]
    if command == "part":
        part_main(Path(where), rest[0])
    else:
        sys.exit(supervise_main(Path(where), float(rest[0]), rest[1:]))
