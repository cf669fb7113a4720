"""The running simulated modem: its ports on pseudo-terminals, served by one thread."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.modem.pdu import UnencodableError, encode_deliver
from hardware.modem.simulator.channel import Channel
from hardware.modem.simulator.control import ControlServer
from hardware.modem.simulator.control_messages import Action, Request, Response
from hardware.modem.simulator.core import ModemCore, Output
from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.faults import Fault, FaultKind
from hardware.modem.simulator.imei import DEFAULT_IMEI
from hardware.modem.simulator.network import SentMessage
from hardware.modem.simulator.personality import GENERIC, Personality
from hardware.modem.simulator.phone import CENTRE, Phone
from hardware.modem.simulator.pty_line import READ_BYTES
from hardware.modem.simulator.sim_card import SimCard
from hardware.modem.simulator.ussd import BALANCE

TICK_S = 0.2
PDU_LIMIT = 512
PORTS_LIMIT = 8
AT_PORTS = frozenset({0, 2})  # as on Huawei's sticks: modem, diagnostics, PCUI

DEFAULT_IMSI = "510101234567890"  # 510 10: Indonesia, Telkomsel
DEFAULT_NUMBER = "+628110000112"


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class SimulatedModem:
    """A modem at `link`, with its control socket beside it; a context manager.

    `delay_s` is the time for a command. With several `ports` the others are LINK.1, LINK.2 and so on: as on a USB stick
    the third speaks AT too, the rest is for diagnostics and mute. Without `sim` its holder is empty. `faults` are in
    force from the start. `ussd` is what the network says to each USSD code.
    """

    def __init__(
        self,
        link: Path,
        *,
        personality: Personality = GENERIC,
        ports: int = 1,
        faults: Iterable[Fault] = (),
        delay_s: float = 0.0,
        imsi: str = DEFAULT_IMSI,
        number: str = DEFAULT_NUMBER,
        pin: str = "",
        sim: bool = True,
        ussd: Mapping[str, str] = BALANCE,
        imei: str = DEFAULT_IMEI,
    ) -> None:
        if not 1 <= ports <= PORTS_LIMIT:
            raise SimulatorError(f"{ports} ports: a modem has 1 to {PORTS_LIMIT}")
        self._link = link
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._phone = Phone(personality, SimCard(imsi, number, pin, present=sim), _now, ussd, imei)
        self._first = ModemCore(self._phone)
        others = (ModemCore(self._phone) if place in AT_PORTS else None for place in range(1, ports))
        self._cores: tuple[ModemCore | None, ...] = (self._first, *others)
        self._channels: list[Channel] = []
        self._ordered_first = tuple(faults)
        self._silent_until = self._unplugged_until = 0.0
        self._references = count(1)
        self._stopping = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the links and serve them. Raises SimulatorError when `link` cannot be had."""
        self._stopping = False
        self._woken, self._wake = os.pipe()
        self._control = ControlServer(self._link, self._answer)
        try:
            self._plug_in()
        except BaseException:
            self._control.close()
            self._close_pipe()
            raise
        for fault in self._ordered_first:
            self.order(fault)
        self._thread = threading.Thread(target=self._serve, name=f"simulated modem {self._link}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take the modem away, as if it were unplugged."""
        self._control.close()
        self._stopping = True
        os.write(self._wake, b"x")
        self._thread.join()
        self._unplug()
        self._close_pipe()

    def _close_pipe(self) -> None:
        os.close(self._wake)
        os.close(self._woken)

    @property
    def sent(self) -> tuple[SentMessage, ...]:
        """All that was sent through it, oldest first."""
        with self._lock:
            return tuple(self._phone.network.sent)

    @property
    def stored(self) -> tuple[str, ...]:
        """The PDUs in its memories."""
        with self._lock:
            return tuple(entry.pdu for memory in self._phone.memories.values() for _, entry in memory.entries())

    @property
    def waiting(self) -> int:
        """How many messages the network still holds for it."""
        with self._lock:
            return len(self._phone.network.waiting)

    @property
    def commands(self) -> int:
        """How many command lines it has carried out."""
        with self._lock:
            return sum(core.commands for core in self._cores if core)

    @property
    def starts(self) -> int:
        """How often it has started since it was made."""
        with self._lock:
            return self._phone.starts

    @property
    def chatters(self) -> bool:
        """Whether it says codes of its own with every answer."""
        with self._lock:
            return self._phone.chatters

    @property
    def pin_tries(self) -> int:
        """How many wrong PINs the card still takes."""
        with self._lock:
            return self._phone.card.tries

    def order(self, fault: Fault) -> None:
        """Have this go wrong from now on; unplugging, silence and a reboot end by themselves."""
        with self._lock:
            now = time.monotonic()
            if fault.kind is FaultKind.UNPLUG:
                self._unplugged_until = now + fault.value
            elif fault.kind is FaultKind.SILENT:
                self._silent_until = now + fault.value
            elif fault.kind is FaultKind.REBOOT:
                self._reboot()
            else:
                self._phone.faults.order(fault)
            if fault.kind is FaultKind.MEMORY_FULL:
                for memory in self._phone.memories.values():
                    memory.fill()
        os.write(self._wake, b"x")

    def clear_faults(self) -> None:
        """Be well again; what could not arrive does so now."""
        with self._lock:
            self._phone.faults.clear()
            self._silent_until = self._unplugged_until = 0.0
            for memory in self._phone.memories.values():
                memory.make_room()
        self._arrive(())

    def lose_network(self, *, lost: bool = True) -> None:
        """Leave the network's reach, or come back."""
        with self._lock:
            self._phone.covered = not lost
        self._arrive(())

    def receive(self, number: str, text: str, at: datetime | None = None) -> int:
        """Let an SMS from `number` arrive, sent at `at`; gives in how many parts. What finds no room waits for it."""
        try:
            parts = encode_deliver(number, text, at or _now(), reference=next(self._references) % 256, smsc=CENTRE)
        except UnencodableError as error:
            raise SimulatorError(str(error)) from error
        self._arrive(part.hex for part in parts)
        return len(parts)

    def receive_pdu(self, pdu: str) -> None:
        """Let this arrive as it is, good or bad: one line of printable ASCII."""
        if len(pdu) > PDU_LIMIT or not (pdu.isascii() and pdu.isprintable()):
            raise SimulatorError(f"a PDU is one line of at most {PDU_LIMIT} printable characters")
        self._arrive([pdu])

    def _answer(self, request: Request) -> Response:
        if request.action is Action.INJECT:
            self.receive(request.number, request.text)
        elif request.action is Action.INJECT_PDU:
            self.receive_pdu(request.pdu)
        elif request.action is Action.FAULT:
            self.order(Fault.parse(request.text))
        elif request.action is Action.CLEAR:
            self.clear_faults()
        elif request.action is Action.STATUS:
            return Response(commands=self.commands, stored=len(self.stored), waiting=self.waiting)
        return Response(sent=self.sent if request.action is Action.SENT else ())

    def _arrive(self, pdus: Iterable[str]) -> None:
        with self._lock:
            self._phone.network.waiting.extend(pdus)
            self._say(self._first.arrivals(), 0)
        os.write(self._wake, b"x")

    def _reboot(self) -> None:
        for place, channel in enumerate(self._channels):
            channel.forget()
            if channel.core:
                self._say(channel.core.reboot() if place == 0 else (), place)

    def _plug_in(self) -> None:
        names = [self._link, *(self._link.with_name(f"{self._link.name}.{n}") for n in range(1, len(self._cores)))]
        try:
            for name, core in zip(names, self._cores, strict=True):
                self._channels.append(Channel(name, core))
        except BaseException:
            self._unplug()
            raise

    def _unplug(self) -> None:
        for channel in self._channels:
            channel.close()
        self._channels.clear()

    def _say(self, outputs: Iterable[Output], place: int) -> None:
        """Schedule on the port that asked, or on the one where codes are said; one that is not there drops them."""
        now = time.monotonic()
        delay_s = self._delay_s + (self._phone.faults.value(FaultKind.DELAY) or 0.0)
        for output in outputs:
            where = self._phone.tells_on if output.unsolicited else place
            if where < len(self._channels) and now >= self._silent_until:
                self._channels[where].schedule(output, now, delay_s)

    def _serve(self) -> None:
        while not self._stopping:
            channels = tuple(self._channels)
            unread = [channel for channel in channels if channel.has_unread]
            waited_for: list[Channel | int] = [*channels, self._woken]
            readable, _, _ = select.select(waited_for, unread, [], self._patience())
            if self._woken in readable:
                os.read(self._woken, READ_BYTES)
            with self._lock:
                for place, channel in enumerate(channels):
                    if channel in readable:
                        self._hear(channel, place)
                    channel.hand_over(time.monotonic())
                self._follow_the_plug()

    def _hear(self, channel: Channel, place: int) -> None:
        data = channel.read()
        if channel.core and time.monotonic() >= self._silent_until:
            self._say(channel.core.receive(data), place)

    def _follow_the_plug(self) -> None:
        """A modem that is put back starts anew, at another pseudo-terminal."""
        away = time.monotonic() < self._unplugged_until
        if away and self._channels:
            self._unplug()
        elif not away and not self._channels:
            self._plug_in()
            self._reboot()
            self._say(self._first.arrivals(), 0)

    def _patience(self) -> float:
        now = time.monotonic()
        with self._lock:
            return min((channel.patience(now, TICK_S) for channel in self._channels), default=TICK_S)
