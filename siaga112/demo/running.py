"""A city that runs: `siaga112 up` as a process of its own, as everybody starts it."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from siaga112.parts.running import LIFELINE_VARIABLE

READY_LIMIT_S = 60.0
STOP_LIMIT_S = 60.0


class CityError(Exception):
    """The city did not do what was awaited of it; the text says what and where to look."""


class RunningCity:
    """Runs `siaga112 --config FILE up`; leaving it sends SIGTERM. Its log goes to ``up.log`` beside the file.

    It ends by itself when this process does, however that ends.
    """

    def __init__(self, config: Path) -> None:
        self.config = config
        self.log = config.parent / "up.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline = -1

    def __enter__(self) -> Self:
        self.begin()
        try:
            self.await_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def begin(self) -> None:
        """Start it; returns at once."""
        reader, self._lifeline = os.pipe2(os.O_CLOEXEC)
        try:
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(
                    self._argv("up"),
                    env=os.environ | {LIFELINE_VARIABLE: str(reader)},
                    pass_fds=(reader,),
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
        finally:
            os.close(reader)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        status = self._stop()
        if kind is None and status != 0:
            raise CityError(f"`siaga112 up` ended with status {status}; see {self.log}")

    def await_ready(self) -> None:
        """Wait until it takes calls and messages; raises CityError."""
        until = time.monotonic() + READY_LIMIT_S
        stdout = None if self._process is None else self._process.stdout
        said = b""
        while b"ready\n" not in said:
            if stdout is None or not select.select([stdout], [], [], max(until - time.monotonic(), 0))[0]:
                raise CityError(f"`siaga112 up` was not ready within {READY_LIMIT_S:.0f} s; see {self.log}")
            more = stdout.read1(4096)  # type: ignore[attr-defined]  # a BufferedReader, which IO[bytes] does not say
            if not more:
                raise CityError(f"`siaga112 up` ended before it was ready: {self._last_line()}")
            said += more

    @property
    def pid(self) -> int:
        """Process id of `up`."""
        if self._process is None:
            raise CityError("the city does not run")
        return self._process.pid

    def listing(self, *command: str) -> list[dict[str, Any]]:
        """Run one of the listing commands and return its rows."""
        done = subprocess.run(self._argv(*command, "--json"), capture_output=True, check=False, timeout=STOP_LIMIT_S)
        if done.returncode != 0:
            raise CityError(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    def _argv(self, *command: str) -> Sequence[str]:
        return [sys.executable, "-m", "siaga112", "--config", str(self.config), *command]

    def _stop(self) -> int:
        process = self._process
        if process is None:
            return 0
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.terminate()  # the second one stops at once
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        os.close(self._lifeline)
        self._process = None
        return process.returncode

    def _last_line(self) -> str:
        lines = [line for line in self.log.read_text("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1] if lines else f"see {self.log}"
