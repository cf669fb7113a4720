"""SIPp as callers and as operators' phones, and what its logs tell: who got what when."""

import csv
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCENARIOS = Path(__file__).parent
CARRIER_HOST, PHONES_HOST = 2, 30
"""The last number of each one's address in the city's network."""

PORT = 5060
LIMIT_S = 180.0

_NUMBER = re.compile(r"^(?:P-Asserted-Identity|From):.*?sips?:\+?(?P<number>[0-9]+)@", re.MULTILINE)
_SPLIT = re.compile(r"^-{20,} (?P<at>[0-9-]+[ \t][0-9:.]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rush: how many calls went through, how many did not, how often something had to be sent again."""

    calls: int
    failed: int
    retransmissions: int


@dataclass(frozen=True, slots=True)
class Rush:
    """`calls` calls, `rate` of them a second, each up for `talk_ms` after its key press."""

    calls: int
    rate: float
    talk_ms: int


@contextmanager
def phones(network: str, folder: Path) -> Iterator[Path]:
    """All operators' phones, while the context lasts; yields the log of their messages."""
    log = folder / "phones.log"
    argv = _argv("phones.xml", f"{network}.{PHONES_HOST}", log)
    process = subprocess.Popen(
        argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield log
    finally:
        process.terminate()
        process.wait(10)


def call(network: str, target: str, rush: Rush, folder: Path, *, traced: bool) -> tuple[Outcome, Path]:
    """Let them call; gives what became of the calls and the log of the callers' messages, if it was kept."""
    numbers, log, statistics = folder / "numbers.csv", folder / "callers.log", folder / "statistics.csv"
    lines = [f"0812{number:08}" for number in range(rush.calls)]
    numbers.write_text("\n".join(["SEQUENTIAL", *lines]) + "\n")
    argv = [
        *_argv("callers.xml", f"{network}.{CARRIER_HOST}", log if traced else None),
        *("-inf", str(numbers), "-m", str(rush.calls), "-r", str(rush.rate), "-d", str(rush.talk_ms)),
        *("-trace_stat", "-stf", str(statistics), "-fd", "1", "-l", "5000", target),
    ]
    log.unlink(missing_ok=True)
    statistics.unlink(missing_ok=True)
    subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False, timeout=LIMIT_S)
    return _outcome(statistics), log


def moments(log: Path, what: str) -> dict[str, float]:
    """When a request, of which `what` is the beginning, was first sent or received, by the caller's number."""
    found: dict[str, float] = {}
    parts = _SPLIT.split(log.read_text(errors="replace"))
    for at, text in zip(parts[1::2], parts[2::2], strict=True):
        message = text.partition("\n\n")[2].replace("\r", "").lstrip("\n")
        number = _NUMBER.search(message)
        if message.startswith(what) and number is not None:
            found.setdefault(number["number"], datetime.fromisoformat(at.replace("\t", " ")).timestamp())
    return found


def _argv(scenario: str, host: str, log: Path | None) -> list[str]:
    traced = [] if log is None else ["-trace_msg", "-message_file", str(log), "-message_overwrite", "true"]
    where = ["-i", host, "-mi", host, "-p", str(PORT), "-nostdin", "-timer_resol", "1"]
    return ["sipp", "-sf", str(SCENARIOS / scenario), *where, *traced]


def _outcome(statistics: Path) -> Outcome:
    with statistics.open() as lines:
        last = list(csv.DictReader(lines, delimiter=";"))[-1]
    return Outcome(int(last["TotalCallCreated"]), int(last["FailedCall(C)"]), int(last["Retransmissions(C)"]))
