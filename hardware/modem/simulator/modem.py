"""The running simulated modem: the core on a pseudo-terminal, served by one thread."""

from __future__ import annotations

import heapq
import os
import select
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.modem.pdu import UnencodableError, encode_deliver
from hardware.modem.simulator.control import ControlServer
from hardware.modem.simulator.control_messages import Action, Request, Response
from hardware.modem.simulator.core import ModemCore, Output
from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.network import SentMessage
from hardware.modem.simulator.personality import GENERIC
from hardware.modem.simulator.phone import CENTRE, Phone
from hardware.modem.simulator.pty_line import READ_BYTES, PtyLine
from hardware.modem.simulator.sim_card import SimCard

TICK_S = 0.2
# What nobody reads is dropped beyond this, as a modem's own buffer would; no answer is so long.
UNREAD_LIMIT = 1 << 20
PDU_LIMIT = 512

DEFAULT_IMSI = "510101234567890"  # 510 10: Indonesia, Telkomsel
DEFAULT_NUMBER = "+628110000112"


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class SimulatedModem:
    """A modem at `link`, with its control socket beside it; a context manager. `delay_s` is the time for a command."""

    def __init__(
        self,
        link: Path,
        *,
        delay_s: float = 0.0,
        imsi: str = DEFAULT_IMSI,
        number: str = DEFAULT_NUMBER,
        pin: str = "",
    ) -> None:
        self._link = link
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._core = ModemCore(Phone(GENERIC, SimCard(imsi, number, pin), _now))
        self._due: list[tuple[float, int, bytes]] = []
        self._order = count()
        self._busy_until = 0.0
        self._unread = bytearray()
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
        """Make the link and serve it. Raises SimulatorError when `link` cannot be had."""
        self._stopping = False
        self._woken, self._wake = os.pipe()
        self._control = ControlServer(self._link, self._answer)
        try:
            self._line = PtyLine(self._link)
        except BaseException:
            self._control.close()
            self._close_pipe()
            raise
        self._thread = threading.Thread(target=self._serve, name=f"simulated modem {self._link}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take the modem away, as if it were unplugged."""
        self._control.close()
        self._stopping = True
        os.write(self._wake, b"x")
        self._thread.join()
        self._line.close()
        self._close_pipe()

    def _close_pipe(self) -> None:
        os.close(self._wake)
        os.close(self._woken)

    @property
    def sent(self) -> tuple[SentMessage, ...]:
        """All that was sent through it, oldest first."""
        with self._lock:
            return tuple(self._core.phone.network.sent)

    @property
    def pin_tries(self) -> int:
        """How many wrong PINs the card still takes."""
        with self._lock:
            return self._core.phone.card.tries

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
        return Response(sent=self.sent if request.action is Action.SENT else ())

    def _arrive(self, pdus: Iterable[str]) -> None:
        with self._lock:
            self._core.phone.network.waiting.extend(pdus)
            self._schedule(self._core.arrivals())
        os.write(self._wake, b"x")

    def _schedule(self, outputs: Iterable[Output]) -> None:
        now = time.monotonic()
        for output in outputs:
            at = now
            if output.worked:
                at = self._busy_until = max(now, self._busy_until) + self._delay_s
            heapq.heappush(self._due, (at, next(self._order), output.data))

    def _serve(self) -> None:
        while not self._stopping:
            line = self._line.fileno()
            readable, _, _ = select.select([line, self._woken], [line] if self._unread else [], [], self._patience())
            if self._woken in readable:
                os.read(self._woken, READ_BYTES)
            with self._lock:
                if line in readable:
                    self._schedule(self._core.receive(self._line.read()))
                self._hand_over()
            self._line.admit_next()

    def _patience(self) -> float:
        with self._lock:
            return min(TICK_S, max(0.0, self._due[0][0] - time.monotonic())) if self._due else TICK_S

    def _hand_over(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            data = heapq.heappop(self._due)[2]
            if len(self._unread) + len(data) <= UNREAD_LIMIT:
                self._unread += data
        if self._unread:
            del self._unread[: self._line.write(bytes(self._unread))]
