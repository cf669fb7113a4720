"""What a call costs a FastAGI server in CPU: ours beside pystrix, panoramisk and aioagi-ik, on a real Asterisk.

    python -m benchmarks.calls_agi [--rate N] [--calls N] [--venv FOLDER]

Each server is a process of its own and gets the same calls from the same Asterisk: bare (play, one key, three
variables) and routed (the commands, the claim in Redis and the facts of a real call, word for word the same), ours
also with the script that calls really get. The libraries of others come from PyPI into FOLDER, an environment of their
own that sees ours. Callers are SIPp; they press 1, and hang up.
"""

import argparse
import os
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from benchmarks.calls.city import Place, place, use_dialplan
from benchmarks.calls.sipp import Rush, call
from benchmarks.cpu import cpu_s
from benchmarks.table import print_table
from redis_queue.names import CALL_STREAM
from redis_queue.operators import OperatorProfile
from redis_queue.pool import OperatorPool
from siaga112 import log
from tests.support.redis_server import RedisServer
from tickets.vocabulary import CallFactKind

OTHERS = ("pystrix==1.3.0", "panoramisk==1.4", "aioagi-ik==1.3.1")
OPERATORS = 60
LIMIT_S = 30.0

DIALPLAN = """
[siaga112-incoming]
exten => _X.,1,Answer()
 same => n,AGI(agi://127.0.0.1:{port}/call)
 same => n,Set(TIMEOUT(absolute)=0)
 same => n,Wait(10)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server to measure: its name, its module with arguments, whether its calls are routed."""

    name: str
    argv: tuple[str, ...]
    is_routed: bool
    is_ours: bool = False


SERVERS = [
    Server(f"{name}, {'routed' if is_routed else 'bare'}", (f"benchmarks.calls.servers.{module}",), is_routed, is_ours)
    for is_routed in (False, True)
    for name, module, is_ours in (
        ("Siaga 112", "ours", True),
        ("pystrix", "of_pystrix", False),
        ("panoramisk", "of_panoramisk", False),
        ("aioagi-ik", "of_aioagi", False),
    )
]
SERVERS.append(Server("Siaga 112, its own script", ("benchmarks.calls.servers.ours", "--whole"), True, True))


def environment(folder: Path) -> Path:
    """Python of an environment with the libraries of others, which is made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *OTHERS], check=True)
    return python


@contextmanager
def serving(server: Server, where: Place, python: Path) -> Iterator[int]:
    """The server, listening; yields its process id."""
    port = where.app.settings.asterisk.agi_port
    ours = [str(Path.cwd()), str(Path.cwd() / "queue"), *([] if server.is_ours else [sysconfig.get_paths()["purelib"]])]
    variables = {
        "BENCH_PORT": str(port),
        "BENCH_GREETING": str(where.folder / "sounds" / "id" / "greeting"),
        "BENCH_CONFIG": str(where.config),
        "BENCH_ROUTED": "1" if server.is_routed else "0",
        "PYTHONPATH": os.pathsep.join(ours),
    }
    command = [sys.executable if server.is_ours else str(python), "-m", *server.argv]
    with (where.folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env={**os.environ, **variables}, stdout=log, stderr=log)
    try:
        _await_port(port, where.folder / "server.log")
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _await_port(port: int, log_file: Path) -> None:
    until = time.monotonic() + LIMIT_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                # panoramisk never recovers from a connection without a call; this is one that ends as a call does.
                probe.sendall(b"agi_network_script: none\n\n")
                return
        if time.monotonic() > until:
            raise TimeoutError(f"nobody listens on port {port}: {log_file.read_text()[-500:]}")
        time.sleep(0.1)


class Release:
    """Frees each operator as soon as its call was routed, as the end of a call does."""

    def __init__(self, pool: OperatorPool, where: Place) -> None:
        self._pool = pool
        self._redis = where.app.redis
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Release":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        last = "$"
        while not self._over.is_set():
            answer = cast("list[Any]", self._redis.xread({CALL_STREAM: last}, block=200))
            for entry, fields in answer[0][1] if answer else []:
                last = entry
                self._one(fields)

    def _one(self, fields: Mapping[str, str]) -> None:
        if fields.get("kind") == CallFactKind.ROUTED:
            self._pool.ended(fields["call_id"])


def staffed(where: Place) -> OperatorPool:
    """A pool whose operators are all free and stay watched."""
    pool, node = where.app.pool, where.app.settings.node
    profiles = [OperatorProfile(one.extension, one.name, auto_login=True) for one in where.app.settings.operators]
    pool.set_roster(profiles)
    for profile in profiles:
        pool.set_reachable(profile.extension, True, node=node)
    pool.heartbeat(node, 3600)
    return pool


def measure(server: Server, where: Place, python: Path, rush: Rush) -> list[object]:
    """A row of the table."""
    with serving(server, where, python) as pid:
        warm = Rush(calls=20, rate=20, talk_ms=rush.talk_ms)
        call(where.network, where.sip, warm, where.folder, traced=False)
        before = cpu_s(pid)
        outcome, _ = call(where.network, where.sip, rush, where.folder, traced=False)
        return [server.name, outcome.calls, outcome.failed, 1000 * (cpu_s(pid) - before) / outcome.calls]


def main() -> None:
    """Measure and print."""
    log.configure("bench", level="error")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--venv", type=Path, default=Path("var/bench-venv"))
    given = parser.parse_args()
    python = environment(given.venv.absolute())
    redis = RedisServer()
    redis.start()
    try:
        with place(OPERATORS, redis_url=redis.url) as where:
            where.asterisk.ensure()
            try:
                use_dialplan(where, DIALPLAN.format(port=where.app.settings.asterisk.agi_port))
                with Release(staffed(where), where):
                    rows = [measure(one, where, python, Rush(given.calls, given.rate, 400)) for one in SERVERS]
            finally:
                where.asterisk.kill()
    finally:
        redis.remove()
    print_table(f"CPU of the FastAGI server, {given.rate:.0f} calls/s", ("", "calls", "failed", "ms a call"), rows)


if __name__ == "__main__":
    main()
