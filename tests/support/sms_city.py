"""A city that has modems and no telephones: its configuration, the real `siaga112 up` on it, and what citizens sent."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from hardware.modem.pdu import MessageType, decode
from siaga112.app import App
from siaga112.demo.running import RunningCity
from siaga112.settings import load
from tests.support.eventual import LIMIT_S, eventually
from tests.support.ports import free_block
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.ticketing import TicketFilter, list_tickets
from tickets.views import view_message, view_ticket

CONFIGURATION = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"
languages = ["id", "en"]

[web]
port = {web}
"""

MODEM = """
[[modems]]
name = "{name}"
port = "{port}"
number = "{number}"
sms_per_minute = 600
"""

Json = dict[str, Any]


class SmsCity:
    """Modems by name and port; leaving it ends all that is left of it."""

    def __init__(
        self, folder: Path, modems: Mapping[str, str], more: str = "", *, numbers: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.config = folder / "siaga112.toml"
        own = numbers or {}
        lines = "".join(MODEM.format(name=name, port=port, number=own.get(name, "")) for name, port in modems.items())
        self.config.write_text(CONFIGURATION.format(web=free_block(1)) + lines + more)
        self.app = App(load(self.config, {}))
        self._running: RunningCity | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            if self._running is not None:
                self._running.__exit__(kind, error, tb)
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)
            self.app.redis.close()
            self.app.store.close()

    def start(self) -> None:
        """Start `up` and wait for its `ready`."""
        self._running = RunningCity(self.config)
        try:
            self._running.__enter__()
        except BaseException:
            self._running = None
            raise

    @property
    def up(self) -> RunningCity:
        """The program, while it runs."""
        assert self._running is not None, "the city was not started"
        return self._running

    def kill_up(self) -> None:
        """Kill `up` with -9, and only it; `start` starts the next one."""
        os.kill(self.up.pid, signal.SIGKILL)
        self.up.__exit__(KeyboardInterrupt, None, None)
        self._running = None

    def link(self, modem: str) -> Path:
        """Where the simulated modem of that name is."""
        return self.app.paths.modems / modem

    def command(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the program to its end."""
        argv = [sys.executable, "-m", "siaga112", "--config", str(self.config), *command]
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)

    def processes(self) -> list[int]:
        """Everything that runs with this city's folder in its command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if os.fsencode(self.folder) in words and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found

    def pids(self, *words: str) -> list[int]:
        """The processes of this city whose command line ends with these words."""
        end = b"\0".join(map(os.fsencode, words)) + b"\0"
        found = []
        for pid in self.processes():
            try:
                if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(end):
                    found.append(pid)
            except OSError:
                continue
        return found

    def said(self, event: str, **fields: object) -> list[Json]:
        """The log's lines with this event and these fields, oldest first."""
        log = self.folder / "up.log"
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event and fields.items() <= line.items()]

    def tickets(self) -> list[Json]:
        """All tickets, newest first."""
        with self.app.store.reading() as session:
            found = list_tickets(session, TicketFilter(limit=1000))
            return [view_ticket(ticket, self.app.settings.tz).to_json() for ticket in found]

    def messages(self, **wanted: Any) -> list[Json]:
        """Messages, newest first."""
        with self.app.store.reading() as session:
            found = list_messages(session, MessageFilter(limit=1000, **wanted))
            return [view_message(message, self.app.settings.tz).to_json() for message in found]

    def await_texts(self, texts: set[str], limit_s: float = LIMIT_S) -> list[Json]:
        """Wait until there is a ticket for each of these texts; gives all tickets."""

        def look() -> list[Json] | None:
            tickets = self.tickets()
            return tickets if texts <= {ticket["text"] for ticket in tickets} else None

        return eventually(f"{len(texts)} texts, {len(self.tickets())} tickets so far", look, limit_s)

    def undone(self) -> list[str]:
        """The PDUs in the stream that nobody has said to be done, but for status reports, which may wait a while."""
        stream = self.app.sms_stream
        rows = cast("list[tuple[str, dict[str, str]]]", stream.redis.xrange(stream.name))
        pdus = [fields["pdu"] for _, fields in rows]
        return [pdu for pdu in pdus if decode(pdu).type is not MessageType.STATUS_REPORT]
