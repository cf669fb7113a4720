"""How long from a caller's key press to the INVITE at an operator's phone, and how many calls a second go through.

    python -m benchmarks.calls_latency [--rounds N] [--operators N] [--sustained RATE ...]

Side by side in one run, on a real Asterisk of the same configuration, one after the other and round by round: the whole
program as `siaga112 up` runs it, and plain Asterisk with app_queue (the same phones, rrmemory), which asks for the key
once by Read and once by Background and WaitExten.
Callers and phones are SIPp; the key is SIP INFO, 800 ms after the answer. Times are those of SIPp's message logs.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.calls.city import ARMS, Place, await_phones, place
from benchmarks.calls.sipp import Outcome, Rush, call, moments, phones
from benchmarks.calls.statistics import percentile
from benchmarks.cpu import cpu_s
from benchmarks.table import print_table

SPAN_S = {1: 25, 10: 10, 100: 8}
"""Calls a second, and for how long."""

SUSTAINED_S = 6
TALK_MS = 300


@dataclass
class Measured:
    """What all rounds of one arm gave."""

    at_rate: dict[float, list[float]] = field(default_factory=lambda: defaultdict(list))
    sustained: dict[float, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    asterisk_ms: list[float] = field(default_factory=list)


def key_to_invite_ms(where: Place, rush: Rush) -> list[float]:
    """One rush with the messages kept; milliseconds of each call whose phone rang."""
    with phones(where.network, where.folder) as rung:
        await_phones(where)
        outcome, called = call(where.network, where.sip, rush, where.folder, traced=True)
    if outcome.failed:
        print(f"  {outcome.failed} of {outcome.calls} calls failed at {rush.rate:.0f}/s")
    pressed, invited = moments(called, "INFO "), moments(rung, "INVITE ")
    return [1000 * (invited[number] - at) for number, at in pressed.items() if number in invited]


def sustain(where: Place, rate: float) -> tuple[Outcome, float]:
    """One rush without logs: what became of it, and Asterisk's CPU milliseconds for each call."""
    pid = int(where.asterisk.layout.pid_file.read_text())
    rush = Rush(calls=round(SUSTAINED_S * rate), rate=rate, talk_ms=TALK_MS)
    with phones(where.network, where.folder):
        await_phones(where)
        before = cpu_s(pid)
        outcome, _ = call(where.network, where.sip, rush, where.folder, traced=False)
    return outcome, 1000 * (cpu_s(pid) - before) / rush.calls


def measure(where: Place, measured: Measured, rates: list[float]) -> None:
    """One round of one arm, which runs."""
    for slow, span_s in SPAN_S.items():
        measured.at_rate[slow] += key_to_invite_ms(where, Rush(calls=slow * span_s, rate=slow, talk_ms=TALK_MS))
    for rate in rates:
        outcome, asterisk_ms = sustain(where, rate)
        measured.sustained[rate].append(outcome)
        measured.asterisk_ms.append(asterisk_ms)


def report(measured: dict[str, Measured]) -> None:
    """Print the tables."""
    rows: list[list[object]] = []
    for rate in SPAN_S:
        for name, one in measured.items():
            taken = one.at_rate[rate]
            rows.append([f"{rate:.0f}/s", name, len(taken), *(percentile(taken, share) for share in (0.5, 0.95, 0.99))])
    print_table("Key press to operator's INVITE, milliseconds", ("rate", "", "calls", "p50", "p95", "p99"), rows)
    rows = [
        [
            f"{rate:.0f}/s",
            name,
            sum(o.calls for o in all_),
            sum(o.failed for o in all_),
            sum(o.retransmissions for o in all_),
        ]
        for name, one in measured.items()
        for rate, all_ in one.sustained.items()
    ]
    print_table("Sustained, with the operator's leg", ("rate", "", "calls", "failed", "sent again"), rows)
    for name, one in measured.items():
        print(f"  {name}: Asterisk {sum(one.asterisk_ms) / max(1, len(one.asterisk_ms)):.1f} ms CPU a call")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--operators", type=int, default=120)
    parser.add_argument("--sustained", type=float, nargs="*", default=[100, 150, 200])
    given = parser.parse_args()
    measured = {name: Measured() for name in ARMS}
    for _ in range(given.rounds):
        for name, arm in ARMS.items():
            with place(given.operators) as where, arm(where):
                measure(where, measured[name], given.sustained)
    report(measured)


if __name__ == "__main__":
    main()
