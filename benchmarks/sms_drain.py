"""How fast stored messages are drained from one modem, by us and by the two daemons of Debian, side by side.

    python -m benchmarks.sms_drain [--messages N] [--delay SECONDS] [--only NAME]

All three drain the same simulated modem, a process of its own that takes 20 ms for every command, also for each of
several on a line. Each does so twice: cold, from its first command to the empty modem, and warm, when it has run for a
while and the messages come all at once. Ours keeps each message in Redis, written through to the disk, before it
deletes it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cpu import group_cpu_s
from benchmarks.table import print_table
from hardware.modem.pdu import encode_deliver
from hardware.modem.simulator import inject_pdu, status
from tests.support.sms_daemons import GammuSmsd, SmsDaemon, Smstools

LIMIT_S = 600.0
WARM_UP_S = 10.0
LOOK_EVERY_S = 0.1  # oftener, and the looking would slow the modem down


@dataclass(frozen=True, slots=True)
class Result:
    """One drain: seconds until the modem is empty, commands and CPU seconds for all of it."""

    name: str
    kept: int
    seconds: float
    commands: int
    cpu_s: float


class OurLine(SmsDaemon):
    """Our modem line; see `benchmarks.our_line`."""

    def __init__(self, folder: Path, port: Path) -> None:
        folder.mkdir()
        self._log = folder / "out.log"
        argv = [sys.executable, "-m", "benchmarks.our_line", str(port), str(folder)]
        super().__init__(argv, folder, self._log)

    def count(self) -> int:
        """How many messages were in the stream at the end."""
        lines = self._log.read_text().splitlines()
        return next((int(line.split()[-1]) for line in lines if line.startswith("in the stream:")), 0)


DAEMONS: dict[str, Callable[[Path, Path], SmsDaemon]] = {
    "siaga112": OurLine,
    "gammu-smsd": GammuSmsd,
    "smstools": Smstools,
}


@contextmanager
def simulator(link: Path, delay_s: float) -> Iterator[None]:
    """A simulated modem in a process of its own."""
    argv = [sys.executable, "-m", "siaga112", "modems", "simulate", str(link), "--fault", f"delay={delay_s}"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_true(lambda: link.with_name(link.name + ".ctl").exists() and link.exists(), 30)
        yield
    finally:
        process.terminate()
        process.wait(10)


def await_true(condition: Callable[[], bool], limit_s: float) -> float:
    """Wait for it; gives the seconds that took."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > limit_s:
            raise TimeoutError(f"not within {limit_s:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - started


def drain(name: str, messages: int, delay_s: float, *, warm: bool) -> Result:
    """Let one of them drain a modem that is full when it starts, or that fills while it runs."""
    with tempfile.TemporaryDirectory(prefix="siaga-drain-") as folder:
        link = Path(folder) / "modem"
        with simulator(link, delay_s):
            if not warm:
                fill(link, messages)
            with DAEMONS[name](Path(folder) / "daemon", link) as daemon:
                await_true(lambda: status(link).commands > 0, LIMIT_S)
                if warm:
                    time.sleep(WARM_UP_S)
                started, cpu_s = time.monotonic(), group_cpu_s(daemon.pid)
                commands = status(link).commands if warm else 0
                if warm:
                    fill(link, messages)
                await_true(lambda: empty(link), LIMIT_S)
                seconds = time.monotonic() - started
                cpu_s = group_cpu_s(daemon.pid) - cpu_s
                commands = status(link).commands - commands
            return Result(name, daemon.count(), seconds, commands, cpu_s)


def fill(link: Path, messages: int) -> None:
    """Have so many messages arrive at once."""
    now = datetime.now(UTC)
    for number in range(messages):
        text = f"Laporan nomor {number}: pohon tumbang menutup jalan di depan pasar, mohon bantuan"
        inject_pdu(link, encode_deliver(f"+62812{number:07}", text, now)[0].hex)


def empty(link: Path) -> bool:
    """Whether nothing is left in the modem and nothing on the way to it."""
    counts = status(link)
    return counts.stored == counts.waiting == 0


def measure(names: list[str], messages: int, delay_s: float, *, warm: bool) -> None:
    """Measure these one after the other, print the table."""
    results = [drain(name, messages, delay_s, warm=warm) for name in names]
    columns = ("", "kept", "seconds", "messages/s", "commands/message", "CPU ms/message")
    rows = [
        (
            one.name,
            one.kept,
            one.seconds,
            messages / one.seconds,
            one.commands / messages,
            1000 * one.cpu_s / messages,
        )
        for one in results
    ]
    print_table(f"{messages} messages, {1000 * delay_s:.0f} ms a command, {'warm' if warm else 'cold'}", columns, rows)
    by_name = {one.name: one.seconds for one in results}
    if len(by_name) == len(DAEMONS):
        print(f"  {by_name['gammu-smsd'] / by_name['siaga112']:.1f} times as fast as gammu-smsd (goal: 4)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--delay", type=float, default=0.02, help="seconds that the modem takes for a command")
    parser.add_argument("--only", choices=DAEMONS, help="measure one of them alone")
    given = parser.parse_args()
    names = [given.only] if given.only else list(DAEMONS)
    for warm in (False, True):
        measure(names, given.messages, given.delay, warm=warm)


if __name__ == "__main__":
    main()
