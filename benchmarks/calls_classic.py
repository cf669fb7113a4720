"""How soon a classic AGI is there: from the start of its process to its first command, and to the first prompt.

    python -m benchmarks.calls_classic [--calls N]

The other end is a program that answers as Asterisk's res_agi does, on a pipe, so nothing but our own start is measured.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.calls.city import place
from benchmarks.calls.statistics import percentile
from benchmarks.table import print_table
from tests.support.fake_asterisk import environment
from tests.support.redis_server import RedisServer

ENTRY = "from agi_scripts.classic import main; main()"


def start_ms(config: Path) -> tuple[float, float]:
    """One call: milliseconds to the first command and to the first prompt."""
    ours, theirs = socket.socketpair()
    variables = {"SIAGA112_CONFIG": str(config), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    began = time.monotonic()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", ENTRY, "call"],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            env={**os.environ, **variables},
        )
    with ours, ours.makefile("rb") as lines:
        ours.sendall(environment())
        first = 0.0
        for line in lines:
            first = first or time.monotonic()
            if line.startswith(b"STREAM FILE"):
                break
            ours.sendall(b"200 result=1\n")
        heard = time.monotonic()
    process.kill()
    process.wait()
    return 1000 * (first - began), 1000 * (heard - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=30)
    given = parser.parse_args()
    redis = RedisServer()
    redis.start()
    try:
        with place(2, redis_url=redis.url) as where:
            start_ms(where.config)
            measured = [start_ms(where.config) for _ in range(given.calls)]
    finally:
        redis.remove()
    rows = [
        [name, *(percentile(values, share) for share in (0.5, 0.9, 0.99))]
        for name, values in zip(("first command", "first prompt"), zip(*measured, strict=True), strict=True)
    ]
    print_table("Classic AGI, milliseconds from the start of the process", ("", "p50", "p90", "p99"), rows)


if __name__ == "__main__":
    main()
