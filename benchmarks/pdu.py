"""How many SMS PDUs a second the codec reads and writes, on one core.

python -m benchmarks.pdu [--seconds S]
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from benchmarks.table import print_table
from hardware.modem.pdu import decode, encode_deliver, encode_submit

AT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
NUMBER = "+628123456789"
GSM_160 = ("Kebakaran di Jalan Merdeka 12, api sudah besar, mohon segera dikirim pemadam. " * 3)[:160]
UCS2_70 = ("Kebakaran 🔥 di pasar, tolong cepat! " * 3)[:68]
LONG = GSM_160 * 3

WORK: dict[str, Callable[[], object]] = {
    "read 160 characters, 7 bit": partial(decode, encode_deliver(NUMBER, GSM_160, AT)[0].hex),
    "read 68 characters, UCS-2": partial(decode, encode_deliver(NUMBER, UCS2_70, AT)[0].hex),
    "read a part of a long text": partial(decode, encode_deliver(NUMBER, LONG, AT)[1].hex),
    "read a damaged PDU": partial(decode, encode_deliver(NUMBER, GSM_160, AT)[0].hex[:99]),
    "write 160 characters, 7 bit": lambda: encode_submit(NUMBER, GSM_160),
    "write 68 characters, UCS-2": lambda: encode_submit(NUMBER, UCS2_70),
}


def per_second(work: Callable[[], object], seconds: float) -> float:
    """How often it is done in a second."""
    done, started = 0, time.perf_counter()
    while (taken := time.perf_counter() - started) < seconds:
        for _ in range(100):
            work()
        done += 100
    return done / taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each kind")
    given = parser.parse_args()
    rows = [(name, f"{per_second(work, given.seconds):.0f}") for name, work in WORK.items()]
    print_table("PDUs a second, one core", ("", "PDUs/s"), rows)


if __name__ == "__main__":
    main()
