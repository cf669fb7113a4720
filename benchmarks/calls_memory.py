"""What a caller who waits costs in memory: our FastAGI server, and Asterisk beside it and with its own queue.

    python -m benchmarks.calls_memory [--callers N ...]

On a real Asterisk, one after the other: callers (SIPp) who press 1 and stand in line because the only operator talks,
held by our script (music from Asterisk, the place in Redis), and as many in app_queue whose one member has no phone.
Resident memory (VmRSS) is read when nobody has called but a few to warm up, and again when all of them stand in line.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.calls.city import Place, native, place, use_dialplan
from benchmarks.calls.sipp import Rush, call
from benchmarks.calls_agi import DIALPLAN, SERVERS, serving, staffed
from benchmarks.table import print_table
from redis_queue.pool import OperatorPool
from siaga112 import log
from tests.support.redis_server import RedisServer

RATE = 50
WAIT_MS = 15_000
LIMIT_S = 30.0
KEEP_S = 5.0
"""How often the talk of the only operator is renewed; its lease is 30 s."""

WARM = Rush(calls=5, rate=20, talk_ms=500)


def resident_kb(pid: int) -> int:
    """Resident memory of a process (proc(5), VmRSS)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def in_line(where: Place, callers: int, standing: Callable[[], int], pids: list[int]) -> list[float]:
    """Let them call; by how many KB a caller each process has grown when all of them wait."""
    call(where.network, where.sip, WARM, where.folder, traced=False)
    before = [resident_kb(pid) for pid in pids]
    rush = Rush(calls=callers, rate=RATE, talk_ms=WAIT_MS)
    calling = threading.Thread(target=lambda: call(where.network, where.sip, rush, where.folder, traced=False))
    calling.start()
    try:
        until = time.monotonic() + LIMIT_S
        while (found := standing()) < callers:
            if time.monotonic() > until:
                raise TimeoutError(f"{found} of {callers} stand in line")
            time.sleep(0.2)
        return [(resident_kb(pid) - kb) / callers for pid, kb in zip(pids, before, strict=True)]
    finally:
        calling.join()


@contextmanager
def talking(pool: OperatorPool) -> Iterator[None]:
    """The only operator talks with somebody else."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(KEEP_S):
            pool.renew(["somebody-else"])

    pool.answered("2001", "somebody-else")
    thread = threading.Thread(target=renew)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def asterisk_of(where: Place) -> int:
    """Asterisk's process id."""
    return int(where.asterisk.layout.pid_file.read_text())


def ours(callers: int) -> list[object]:
    """A row: in line by our script."""
    redis = RedisServer()
    redis.start()
    try:
        with place(1, redis_url=redis.url) as where:
            where.asterisk.ensure()
            try:
                use_dialplan(where, DIALPLAN.format(port=where.app.settings.asterisk.agi_port))
                pool = staffed(where)
                with talking(pool), serving(SERVERS[-1], where, Path(sys.executable)) as server:
                    pids = [server, asterisk_of(where)]
                    grown = in_line(where, callers, lambda: len(pool.waiting()), pids)
            finally:
                where.asterisk.kill()
    finally:
        redis.remove()
    return ["Siaga 112", callers, *grown]


def theirs(callers: int) -> list[object]:
    """A row: in app_queue."""
    with place(1) as where, native(where):

        def standing() -> int:
            return where.asterisk.command("core show channels concise").count("!Queue!")

        (asterisk,) = in_line(where, callers, standing, [asterisk_of(where)])
    return ["app_queue", callers, "", asterisk]


def main() -> None:
    """Measure and print."""
    log.configure("bench", level="error")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, nargs="*", default=[50, 200])
    given = parser.parse_args()
    rows = [arm(callers) for callers in given.callers for arm in (ours, theirs)]
    print_table("Memory of a caller in line, KB", ("", "callers", "FastAGI server", "Asterisk"), rows)


if __name__ == "__main__":
    main()
