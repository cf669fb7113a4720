"""GSM modems as other people simulate them: on a pty or a TCP port, with the habits that such programs have.

Nothing of the project's own simulator is in it, nor of its AT engine.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
import tty
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

CTRL_Z, ESC = 0x1A, 0x1B
CAPACITY = 200


@dataclass(frozen=True)
class Habits:
    """How a modem differs from the next one.

    `says` holds answers of its own by command. `unknown` is what a command that it does not know is answered with; an
    empty one is silence. `header` is how a listed message begins. `reports`: "" or how delivery reports are told.
    """

    echo: bool = True
    obeys_ate0: bool = True
    delay_s: float = 0.0
    end: str = "\r\n"
    blank_lines: bool = True
    prompt: str = "\r\n> "
    unknown: str = "ERROR"
    says: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    header: str = "+CMGL: {index},0,,{length}"
    first_index: int = 1
    tells: bool = True
    reference: str = "+CMGS: {}"
    reports: str = ""


class _Wire:
    """One end of a pty, or a TCP port that one client at a time may open."""

    def __init__(self, tcp: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0)) if tcp else None
        self._host_end = -1
        self._descriptor: int | None = None
        self._client: socket.socket | None = None
        if self._listener is not None:
            self.port = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        else:
            self._descriptor, self._host_end = os.openpty()
            tty.setraw(self._host_end)
            self.port = os.ttyname(self._host_end)

    def read(self, patience_s: float) -> bytes:
        """What the host said within that time."""
        sources = [source for source in (self._descriptor, self._listener) if source is not None]
        ready = select.select(sources, [], [], patience_s)[0]
        if self._listener in ready and self._listener is not None:
            self._hang_up()
            self._client, _ = self._listener.accept()
            self._descriptor = self._client.fileno()
        if self._descriptor is None or self._descriptor not in ready:
            return b""
        try:
            data = os.read(self._descriptor, 4096)
        except OSError:
            data = b""
        if not data and self._client is not None:
            self._hang_up()
        return data

    def write(self, data: bytes) -> None:
        """Say it to the host; nobody there is no error."""
        if self._descriptor is not None:
            try:
                os.write(self._descriptor, data)
            except OSError:
                self._hang_up()

    def close(self) -> None:
        """Unplug it."""
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
        else:
            os.close(self._host_end)
            if self._descriptor is not None:
                os.close(self._descriptor)

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = self._descriptor = None


class StrangerModem:
    """Runs from `__enter__` on; `port` is what the host opens. Messages arrive by `arrive`, replies are in `bodies`.

    `refuses_to_send` is the error that it gives to what it should send; `garbles` are PDUs that lose octets when they
    are listed the next time.
    """

    def __init__(self, habits: Habits | None = None, *, tcp: bool = False) -> None:
        self.habits = habits or Habits()
        self.commands: list[str] = []
        self.bodies: list[str] = []
        self.due_while_sending: list[str] = []
        self.refuses_to_send = ""
        self.refuses_to_delete: set[int] = set()
        self.garbles: set[str] = set()
        self._stored: dict[int, str] = {}
        self._told = False
        self._echo = self.habits.echo
        self._line = bytearray()
        self._body: bytearray | None = None
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._stopping = threading.Event()
        self._wire = _Wire(tcp)
        self.port = self._wire.port
        self._thread = threading.Thread(target=self._serve, name=f"stranger {self.port}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join()
        self._wire.close()

    def arrive(self, *pdus: str) -> None:
        """The network delivers messages; what finds no place is lost, as it is with such programs."""
        with self._lock:
            for pdu in pdus:
                places = range(self.habits.first_index, self.habits.first_index + CAPACITY)
                index = next(place for place in places if place not in self._stored)
                self._stored[index] = pdu
                if self._told and self._body is None:
                    self._say(f'+CMTI: "SM",{index}')

    def chatter(self, line: str, every_s: float, over: threading.Event) -> None:
        """Say a line again and again, until it is over."""
        while not over.wait(every_s):
            with self._lock:
                if self._body is None:
                    self._say(line)

    def wait_empty(self, limit_s: float) -> bool:
        """Whether everything was deleted within that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._stored, limit_s)

    @property
    def stored(self) -> list[str]:
        """The PDUs in it, by their places."""
        with self._lock:
            return [pdu for _, pdu in sorted(self._stored.items())]

    def wait_bodies(self, count: int, limit_s: float) -> bool:
        """Whether so many messages were sent within that time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.bodies) >= count, limit_s)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            for octet in self._wire.read(0.02):
                with self._lock:
                    self._octet(octet)
                    self._changed.notify_all()

    def _say(self, text: str) -> None:
        end = self.habits.end
        self._wire.write(f"{end if self.habits.blank_lines else ''}{text}{end}".encode("latin-1"))

    def _octet(self, octet: int) -> None:
        if self._echo:
            self._wire.write(bytes([octet]))
        if self._body is not None:
            self._in_body(octet)
        elif octet == 0x0D:
            line, self._line = self._line.decode("latin-1").strip(), bytearray()
            if line:
                self._stopping.wait(self.habits.delay_s)
                self._command(line)
        elif octet not in (0x0A, ESC):
            self._line.append(octet)

    def _in_body(self, octet: int) -> None:
        assert self._body is not None
        if octet == ESC:
            self._body = None
            self._say("OK")
        elif octet != CTRL_Z:
            self._body.append(octet)
        else:
            body, self._body = self._body.decode("latin-1").strip(), None
            self._stopping.wait(self.habits.delay_s)
            if self.refuses_to_send:
                self._say(self.refuses_to_send)
                return
            self.bodies.append(body)
            if self.habits.reference:
                self._say(self.habits.reference.format(len(self.bodies)))
            self._say("OK")
            self._report(len(self.bodies))
            due, self.due_while_sending = self.due_while_sending, []
            self.arrive(*due)

    def _report(self, reference: int) -> None:
        """SMS-STATUS-REPORT (3GPP TS 23.040 9.2.2.3): delivered, to the address that the SUBMIT named."""
        if not self.habits.reports:
            return
        submit = bytes.fromhex(self.bodies[-1])
        address = submit[3 + submit[0] :]
        octets = address[: 2 + (address[0] + 1) // 2]
        stamp = "62302151000082"
        pdu = f"0006{reference:02X}{octets.hex().upper()}{stamp}{stamp}00"
        if self.habits.reports == "+CDS":
            self._say(f"+CDS: {len(pdu) // 2 - 1}{self.habits.end}{pdu}")
        else:
            self.arrive(pdu)

    def _command(self, line: str) -> None:
        self.commands.append(line)
        own = self.habits.says.get(line.upper())
        if own is not None:
            self._all(own)
            return
        name = re.match(r"AT([+&][A-Z]+|E[01]|Z)?", line.upper())
        known = getattr(self, f"_{(name[1] or 'at').strip('+&').lower()}", None) if name else None
        if known is None or (name and name[1] in self.habits.without):
            self._all(self.habits.unknown)
        else:
            known(line)

    def _all(self, answer: str) -> None:
        for text in filter(None, answer.split("\n")):
            self._say(text)

    def _at(self, _line: str) -> None:
        self._say("OK")

    def _e0(self, _line: str) -> None:
        self._echo = self._echo and not self.habits.obeys_ate0
        self._say("OK")

    def _cmgf(self, line: str) -> None:
        self._say("OK" if line.endswith("=0") else "ERROR")

    def _cpms(self, line: str) -> None:
        if line.endswith("=?"):
            self._all('+CPMS: ("SM"),("SM"),("SM")\nOK')
        elif '"ME"' in line or '"SR"' in line or '"MT"' in line:
            self._say("ERROR")
        else:
            self._all(f"+CPMS: {len(self._stored)},{CAPACITY},{len(self._stored)},{CAPACITY}\nOK")

    def _cnmi(self, line: str) -> None:
        self._told = self.habits.tells
        self._say("OK")

    def _cmgl(self, line: str) -> None:
        if not line.endswith("=4"):
            self._say("+CMS ERROR: 305")
            return
        for index, pdu in sorted(self._stored.items()):
            length = len(pdu) // 2 - 1 - int(pdu[:2], 16)
            shown = pdu[:-3] if pdu in self.garbles else pdu
            self.garbles.discard(pdu)
            self._say(self.habits.header.format(index=index, length=length) + self.habits.end + shown)
        self._say("OK")

    def _cmgd(self, line: str) -> None:
        # What stands after the number is not looked at: of several commands on a line it carries out the first.
        index = int(re.split("[,;]", line.partition("=")[2])[0])
        if index in self.refuses_to_delete:
            self._say("+CMS ERROR: 302")
            return
        self._say("OK" if self._stored.pop(index, None) is not None else "+CMS ERROR: 321")

    def _cmgs(self, _line: str) -> None:
        self._body = bytearray()
        self._wire.write(self.habits.prompt.encode("latin-1"))
