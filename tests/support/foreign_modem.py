"""A simulated modem that is not ours: it knows a dozen commands and answers ERROR to everything else.

Written from the standard alone, sharing no code with the project's simulator, so that the driver is not tested against
its own idea of a modem.
"""

from __future__ import annotations

import os
import re
import select
import threading
import time
import tty
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Manners:
    """How this modem behaves."""

    echo: bool = False
    delay_s: float = 0.0
    one_byte: bool = False
    line_end: bytes = b"\r\n"
    alpha: str = ","  # between status and length of +CMGL: with the field, or without
    memories: tuple[str, ...] = ("SM",)
    knows: frozenset[str] = frozenset(
        {"AT", "ATE0", "ATZ", "+CMGF", "+CPMS", "+CNMI", "+CMGL", "+CMGR", "+CMGD", "+CMGS", "+CSQ", "+CPIN", "+CREG"}
    )
    refuses_listing: bool = False
    boot_text: bytes = b""


@dataclass
class ForeignModem:
    """Serves a pty in a thread; `port` is the path to open."""

    manners: Manners = field(default_factory=Manners)
    commands: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    prompts: bool = True
    mute: set[str] = field(default_factory=set)  # lines that are carried out and never answered

    def __post_init__(self) -> None:
        self._stores: dict[str, dict[int, str]] = {name: {} for name in self.manners.memories}
        self._current = self.manners.memories[0]
        self._tells = False
        self._body: bytearray | None = None
        self._line = bytearray()
        self._stopping = False
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._write_lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.say(self.manners.boot_text)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stopping = True
        self._thread.join()
        os.close(self._slave)
        os.close(self._master)

    def store(self, memory: str, index: int, pdu: str) -> None:
        """Put a PDU into a place, and tell it if that was asked for."""
        self._stores[memory][index] = pdu
        if self._tells:
            self.say(self._line_of(f'+CMTI: "{memory}",{index}'))

    def places(self, memory: str) -> list[int]:
        """Which places are taken."""
        return sorted(self._stores[memory])

    def say(self, data: bytes) -> None:
        """Send bytes to the host; what others say may come between the lines, never inside one."""
        for line in data.splitlines(keepends=True):
            with self._write_lock:
                for chunk in [line[i : i + 1] for i in range(len(line))] if self.manners.one_byte else [line]:
                    os.write(self._master, chunk)

    def _line_of(self, text: str) -> bytes:
        end = self.manners.line_end
        return end + text.encode("latin-1") + end

    def _serve(self) -> None:
        while not self._stopping:
            if select.select([self._master], [], [], 0.05)[0]:
                for octet in os.read(self._master, 4096):
                    self._octet(octet)

    def _octet(self, octet: int) -> None:
        if self.manners.echo:
            self.say(bytes([octet]))
        if self._body is not None:
            self._in_body(octet)
        elif octet == 0x0D:
            line, self._line = self._line.decode("latin-1").strip(), bytearray()
            if line:
                time.sleep(self.manners.delay_s)
                answer = self._answer(line)
                if line not in self.mute:
                    self.say(answer)
        elif octet != 0x0A:
            self._line.append(octet)

    def _in_body(self, octet: int) -> None:
        assert self._body is not None
        if octet == 0x1A:
            self.bodies.append(self._body.decode("latin-1"))
            self._body = None
            self.say(self._line_of(f"+CMGS: {len(self.bodies)}") + self._line_of("OK"))
        elif octet == 0x1B:
            self._body = None
            self.say(self._line_of("OK"))
        else:
            self._body.append(octet)

    def _answer(self, line: str) -> bytes:
        self.commands.append(line)
        name = line if line in {"AT", "ATE0", "ATZ"} else (re.findall(r"^AT([+^][A-Z0-9]+)", line) or [line])[0]
        if name not in self.manners.knows:
            return self._line_of("ERROR")
        handler = getattr(self, "_" + name.strip("+").lower(), None)
        lines = handler(line.partition("=")[2] if "=" in line else line[-1:]) if handler else []
        if lines is None:
            return self._line_of("ERROR")
        if lines == ["> "]:
            return self.manners.line_end + b"> " if self.prompts else b""
        listed = b"".join(self._line_of(each) for each in lines)
        return listed + self._line_of("OK")

    def _cpin(self, _: str) -> list[str]:
        return ["+CPIN: READY"]

    def _creg(self, _: str) -> list[str]:
        return ["+CREG: 0,1"]

    def _csq(self, _: str) -> list[str]:
        return ["+CSQ: 17,99"]

    def _cnmi(self, value: str) -> list[str] | None:
        if value.count(",") != 4:
            return None
        self._tells = True
        return []

    def _cpms(self, value: str) -> list[str] | None:
        if value in {"?", ""}:
            return None
        names = value.replace('"', "").split(",")
        if not set(names) <= set(self._stores):
            return None
        self._current = names[0]
        used = len(self._stores[self._current])
        return [f"+CPMS: {used},30,{used},30,{used},30"]

    def _cmgl(self, value: str) -> list[str] | None:
        if value != "4" or self.manners.refuses_listing:
            return None
        entries = sorted(self._stores[self._current].items())
        gap = self.manners.alpha
        return [f"+CMGL: {index},0{gap},{len(pdu) // 2 - 8}\r\n{pdu}" for index, pdu in entries]

    def _cmgr(self, value: str) -> list[str] | None:
        pdu = self._stores[self._current].get(int(value))
        return None if pdu is None else [f"+CMGR: 0,,{len(pdu) // 2 - 8}\r\n{pdu}"]

    def _cmgd(self, value: str) -> list[str] | None:
        return [] if self._stores[self._current].pop(int(value), None) is not None else None

    def _cmgs(self, _: str) -> list[str]:
        self._body = bytearray()
        return ["> "]
