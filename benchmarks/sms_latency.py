"""How long it takes from a message's arrival at the modem to its ticket in the database, in the whole real program.

    python -m benchmarks.sms_latency [--messages N] [--every SECONDS]

One simulated modem that answers at once, private Redis written through to the disk, worker, SQLite: as `siaga112 up`
runs them. A ticket counts from when another process can read it.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.table import print_table
from hardware.modem.simulator import inject
from tests.support.sms_city import SmsCity
from tickets.model.ticket import Ticket

MODEM = "bench"
LIMIT_S = 30.0
LOOK_EVERY_S = 0.002


def latency_s(city: SmsCity, number: int) -> float:
    """Let one message arrive, wait for its ticket."""
    text = f"Lampu jalan padam nomor {number}"
    started = time.monotonic()
    inject(city.link(MODEM), f"+62813{number:07}", text)
    while not _is_there(city, text):
        if time.monotonic() - started > LIMIT_S:
            raise TimeoutError(f"no ticket within {LIMIT_S:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - started


def _is_there(city: SmsCity, text: str) -> bool:
    with city.app.store.reading() as session:
        return session.scalar(select(Ticket.id).where(Ticket.text == text)) is not None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.2, help="seconds between a ticket and the next message")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="siaga-latency-") as folder,
        SmsCity(Path(folder), {MODEM: "simulator"}) as city,
    ):
        latency_s(city, 0)
        measured = []
        for number in range(1, given.messages + 1):
            time.sleep(given.every)
            measured.append(1000 * latency_s(city, number))
    measured.sort()
    rows = [[given.messages, *(_percentile(measured, share) for share in (0.5, 0.9, 0.99)), measured[-1]]]
    print_table("SMS to ticket, milliseconds", ("messages", "p50", "p90", "p99", "worst"), rows)


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


if __name__ == "__main__":
    main()
