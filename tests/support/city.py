"""A city of a test's own: its configuration, the real `siaga112 up` on it, its phones, and what became of its calls."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from hardware.asterisk.layout import Layout
from hardware.softphone import RINGING, Call, Manners, OutgoingCall, Phone
from hardware.softphone.address import Address
from ivr.prompts.catalogue import BUSY, GREETING, all_prompts
from redis_queue.errors import QueueError
from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from siaga112.app import App
from siaga112.demo.running import RunningCity
from siaga112.settings import load
from tests.support.asterisk_server import write_tone
from tests.support.city_file import CONFIGURATION, DESK, FIXED, HOSTS
from tests.support.eventual import eventually
from tests.support.ports import free_block
from tickets.calls.merging import CallFilter, list_calls
from tickets.ticketing import TicketFilter, find, list_tickets
from tickets.views import view_call, view_ticket
from tickets.vocabulary import Direction

SIP_PORT = 5060
SPEECH_PORTS = 40
PROMPT_HZ = 1500
BUSY_HZ = 1200
"""What the caller hears when all operators are busy."""


def converse(caller: Call, operator: Call) -> None:
    """Each hears the other."""
    caller.play_tone(700)
    operator.play_tone(900)
    operator.wait_tone(700)
    caller.wait_tone(900)
    caller.silence()
    operator.silence()


class City:
    """Four operators, one trunk, the nine categories; prompts are short tones. `close` leaves nothing of it running."""

    def __init__(
        self,
        folder: Path,
        *,
        drain_seconds: int = 30,
        desks: Sequence[str] = (),
        speech_ports: int = SPEECH_PORTS,
        node: str = "",
        more: str = "",
        ivr: str = "",
    ) -> None:
        """`desks`: further operators, on duty whenever their phones are there; `more` goes on top of the file.

        `ivr`: further keys of that table.

        `node`: the machine's name, where a test runs several cities as the machines of one.
        """
        self.folder = folder
        self._hosts = HOSTS | {extension: 100 + number for number, extension in enumerate(desks)}
        self.config = folder / "siaga112.toml"
        # A network of its own: another city's phones are elsewhere, and everyone has the usual port.
        self._net = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}"  # noqa: S311
        port = free_block(speech_ports + 4)
        text = more + CONFIGURATION.format(
            net=self._net,
            rtp=(port, port + speech_ports - 1),
            sip=port + speech_ports,
            ami=port + speech_ports + 1,
            agi=port + speech_ports + 2,
            web=port + speech_ports + 3,
            drain_seconds=drain_seconds,
            node=node,
            ivr=ivr,
        )
        text += "".join(DESK.format(extension=extension) for extension in desks)
        self.config.write_text(text)
        (folder / "sounds").mkdir()
        self.app = App(load(self.config, {}))
        for prompt in all_prompts(self.app.settings):
            file = folder / "sounds" / prompt.language / f"{prompt.name}.wav"
            seconds = 1.5 if prompt.name in (GREETING, BUSY) else 0.1
            write_tone(file, BUSY_HZ if prompt.name == BUSY else PROMPT_HZ, seconds)
        self._up = ExitStack()
        self._running: RunningCity | None = None

    # -- the program

    @property
    def up(self) -> RunningCity:
        """The program, while it runs."""
        assert self._running is not None, "the city was not started"
        return self._running

    def start(self) -> None:
        """Start `up` and wait for its `ready`."""
        self._running = self._up.enter_context(RunningCity(self.config))

    def start_up(self) -> None:
        """Start `up`; returns at once, and `up.await_ready` waits for its `ready`."""
        running = RunningCity(self.config)
        running.begin()
        self._running = running
        self._up.push(running)

    def stop(self) -> None:
        """SIGTERM; raises when `up` does not end with status 0."""
        self._up.close()

    def kill(self) -> None:
        """Kill `up` with -9, and only it."""
        os.kill(self.up.pid, signal.SIGKILL)
        self.reap()

    def reap(self) -> None:
        """Let go of an `up` that was killed."""
        self._up.__exit__(KeyboardInterrupt, None, None)

    def close(self) -> None:
        """End what is left, whatever the test did."""
        for pid in self.processes():
            os.kill(pid, signal.SIGCONT)
        self._up.__exit__(KeyboardInterrupt, None, None)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.app.redis.close()
        self.app.store.close()

    def command(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the program to its end."""
        argv = [sys.executable, "-m", "siaga112", "--config", str(self.config), *command]
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)

    def processes(self) -> list[int]:
        """Everything whose command line names this city's folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if os.fsencode(self.folder) in words:
                found.append(int(entry.name))
        return found

    @contextmanager
    def frozen(self, *pids: int) -> Iterator[None]:
        """Processes that stand still and answer nothing, as long as the context lasts."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def kill_part(self, part: str) -> None:
        """Kill a part of ours with -9 and wait until the one that follows it is ready."""
        before = len(self.said("part.ready", component="up", part=part))
        os.kill(self.pid_of(part), signal.SIGKILL)
        eventually(f"{part} again", lambda: len(self.said("part.ready", component="up", part=part)) > before)

    # -- what it says in its log

    def said(self, event: str, **fields: object) -> list[dict[str, Any]]:
        """The log's lines with this event and these fields, oldest first."""
        lines = [json.loads(line) for line in self.up.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event and fields.items() <= line.items()]

    def await_said(self, event: str, **fields: object) -> dict[str, Any]:
        """Wait for such a line."""
        return eventually(f"{event} {fields} in {self.up.log}", lambda: self.said(event, **fields))[-1]

    def pid_of(self, part: str) -> int:
        """The process of one of our parts."""
        began = self.said("part.started", part=part) + self.said("part.restarted", part=part)
        return int(began[-1]["pid"])

    def server_pid(self, server: str) -> int:
        """The process of `asterisk` or `redis-server`."""
        began = [
            line for how in ("started", "adopted", "restarted") for line in self.said(f"server.{how}", server=server)
        ]
        return int(began[-1]["pid"])

    def own_pids(self) -> list[int]:
        """Everything that runs but Asterisk."""
        parts = [self.pid_of(part) for part in ("worker", "agi", "switchboard", "web")]
        return [self.up.pid, *parts, self.server_pid("redis-server")]

    # -- telephones

    def phone(self, extension: str, manners: Manners = RINGING) -> Phone:
        """An operator's phone that Asterisk can reach; the operator is on duty if the configuration says so."""
        fixed = extension == FIXED
        phone = Phone(
            extension,
            self._address(extension),
            password="" if fixed else f"secret-{extension}",
            registrar=self._exchange,
            manners=manners,
        )
        if not fixed:
            phone.register()
        return phone

    def on_duty(self, extension: str, manners: Manners = RINGING) -> Phone:
        """An operator's phone, once the operator is free to take calls."""
        phone = self.phone(extension, manners)
        self.await_state(extension, OperatorState.AVAILABLE)
        return phone

    def carrier(self) -> Phone:
        """The trunk's other end."""
        return Phone("carrier", self._address("carrier"))

    def dial(self, carrier: Phone, number: str) -> OutgoingCall:
        """A call to 112 by the trunk, once it is answered by the menu."""
        call = self.begin(carrier, number)
        call.wait_answered()
        return call

    def dial_and_press(self, carrier: Phone, number: str, key: str) -> OutgoingCall:
        """Such a call whose caller presses a key as soon as the greeting is heard."""
        call = self.dial(carrier, number)
        call.wait_tone(PROMPT_HZ)
        call.press(key)
        return call

    def begin(self, carrier: Phone, number: str) -> OutgoingCall:
        """A call to 112 by the trunk, whatever becomes of it."""
        host, port = self._exchange
        return carrier.call(f"sip:112@{host}:{port}", number=number)

    @property
    def _exchange(self) -> Address:
        return "127.0.0.1", self.app.settings.asterisk.sip_port

    def _address(self, who: str) -> Address:
        return f"{self._net}.{self._hosts[who]}", SIP_PORT

    # -- operators and calls

    def operator(self, extension: str) -> OperatorStatus:
        """How an operator stands."""
        return next(status for status in self.app.pool.snapshot() if status.extension == extension)

    def await_state(self, extension: str, *states: OperatorState) -> OperatorStatus:
        """Wait until the operator is in one of these states."""

        def look() -> OperatorStatus | None:
            status = self.operator(extension)
            return status if status.state in states else None

        return eventually(f"{extension} {' or '.join(states)}", look)

    def await_available(self, extension: str) -> None:
        """Wait until the pool would give the operator a call: it is free, and presence can be trusted."""
        eventually(f"{extension} can be claimed", lambda: self._is_available(extension))

    def _is_available(self, extension: str) -> bool:
        try:
            return self.app.pool.watcher_alive() and self.operator(extension).state is OperatorState.AVAILABLE
        except QueueError:
            return False  # Redis is being started again

    def await_waiting(self, count: int) -> None:
        """Wait until so many callers stand in line."""
        eventually(f"{count} in line", lambda: len(self.app.pool.waiting()) == count)

    def records(self, caller: str | None) -> list[dict[str, Any]]:
        """The calls of a number, as listings give them, newest first."""
        return [call for call in self._calls(Direction.IN) if call["caller"] == caller]

    def await_call_out(self, called: str) -> dict[str, Any]:
        """Wait until the last call that an operator made to this number is written down."""
        return eventually(f"a call to {called}", lambda: next(self._calls_to(called), None))

    def _calls_to(self, called: str) -> Iterator[dict[str, Any]]:
        return (call for call in self._calls(Direction.OUT) if call["called"] == called)

    def _calls(self, direction: Direction) -> list[dict[str, Any]]:
        with self.app.store.reading() as session:
            found = list_calls(session, CallFilter(direction=direction))
            return [view_call(call, self.app.settings.tz).to_json() for call in found]

    def await_record(self, caller: str | None) -> dict[str, Any]:
        """Wait until the last call of a number has its end and its ticket."""

        def look() -> dict[str, Any] | None:
            return next((call for call in self.records(caller) if call["ended_at"] and call["ticket"]), None)

        return eventually(f"the record of {caller}", look)

    def ticket_of(self, record: dict[str, Any]) -> dict[str, Any]:
        """A call's ticket, as listings give it."""
        with self.app.store.reading() as session:
            return view_ticket(find(session, record["ticket"]), self.app.settings.tz).to_json()

    def tickets_of(self, reporter: str) -> list[str]:
        """Numbers of all tickets of somebody."""
        with self.app.store.reading() as session:
            found = list_tickets(session, TicketFilter())
            return [ticket.number for ticket in found if ticket.reporter == reporter]

    def await_settled(self) -> None:
        """Wait until every call that is over has been read from the CDR file, and every fact been written down."""
        cdr = Layout.under(self.app.paths.state_dir).cdr
        read = cdr.with_suffix(".read")
        eventually("the CDR file is read", lambda: int(read.read_text()) == cdr.stat().st_size if read.exists() else 0)
        eventually("every fact is written", lambda: not self.app.call_stream.length())

    def rest(self) -> None:
        """Wait until all phones and calls are gone, and forget who did not answer."""
        for status in self.app.pool.snapshot():
            self.app.pool.resume(status.extension)
            self.await_state(status.extension, OperatorState.OFFLINE)
        self.await_waiting(0)
