"""The simulated modem, sans-IO: bytes from the host in, bytes to the host out; no thread, no clock, no sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from hardware.modem.simulator import general, message_settings, messages, radio, ussd, vendor
from hardware.modem.simulator.arrivals import arrive
from hardware.modem.simulator.command_line import Command, Form, parse
from hardware.modem.simulator.faults import FaultKind
from hardware.modem.simulator.general import Handler
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import (
    CME_TEXTS,
    CmeError,
    CmsError,
    RefusalError,
    Reply,
    VerbatimError,
)

CR, BACKSPACE, CTRL_Z, ESC = 0x0D, 0x08, 0x1A, 0x1B
LINE_LIMIT = 2048  # V.250 5.2.1 wants 40 at least; what is longer is cut, so that noise fills no memory

NOISE = b"\r\n\xfe\xff\x00\r\n%XYZ: 7\r\n\xfe"
GARBAGE = b"\xff\x00\xfe+C\x80GL\x00: ,,\r\x9b"
NUMERIC_RESULTS = {"OK": "0", "ERROR": "4"}  # V.250 5.7.1, table 1


def _list_commands(_: Phone, command: Command) -> Reply:
    """TS 27.007 8.37."""
    return Reply() if command.form is Form.TEST else Reply(tuple(f"AT{name}" for name in COMMANDS))


COMMANDS: Mapping[str, Handler] = {
    **general.COMMANDS,
    **radio.COMMANDS,
    **message_settings.COMMANDS,
    **messages.COMMANDS,
    **ussd.COMMANDS,
    "+CLAC": _list_commands,
}


@dataclass(frozen=True, slots=True)
class Output:
    """Bytes for the host, due `after_s` from now.

    `worked` tells how many commands were carried out for them, which takes a real modem its time; `unsolicited` that
    they go to the port where codes are said.
    """

    data: bytes
    worked: int = 0
    unsolicited: bool = False
    after_s: float = 0.0


class ModemCore:
    """Feeds command lines and bodies to the handlers and frames what they give: one AT port of a modem."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.commands = 0  # that were carried out
        self._asked = 1  # by the last line
        self._line = bytearray()
        self._body: Callable[[str], Reply] | None = None
        self._chattered = 0

    def receive(self, data: bytes) -> list[Output]:
        """Take bytes from the host."""
        outputs: list[Output] = []
        for octet in data:
            if self.phone.settings.echo:
                outputs.append(Output(bytes((octet,))))
            outputs += self._in_body(octet) if self._body else self._in_command(octet)
        return _joined(outputs)

    def arrivals(self) -> list[Output]:
        """Take in what the network has; a message that comes during text entry is told after it."""
        return [] if self._body else [Output(_framed((code,)), unsolicited=True) for code in arrive(self.phone)]

    def reboot(self) -> list[Output]:
        """Start anew: text entry and settings are gone, and the modem says what its kind says then."""
        self._take_line()
        self._body = None
        self.phone.restart()
        boot = self.phone.personality.boot
        return [Output(_framed((said.line,)), after_s=said.after_s, unsolicited=True) for said in boot]

    def _in_command(self, octet: int) -> list[Output]:
        if octet == CR:
            line = self._take_line()
            return [*self._run(line), *self.arrivals()]
        if octet == BACKSPACE:
            del self._line[-1:]
        elif octet >= 0x20 and len(self._line) < LINE_LIMIT:
            self._line.append(octet)
        return []

    def _in_body(self, octet: int) -> list[Output]:
        if octet == ESC:
            self._take_line()
            self._body = None
            return [Output(self._result("OK"), worked=1), *self.arrivals()]
        if octet == CTRL_Z:
            body, self._body = self._body, None
            text = self._take_line()
            return [*self._finish(lambda: body(text) if body else Reply()), *self.arrivals()]
        if len(self._line) < LINE_LIMIT:
            self._line.append(octet)
        return []

    def _take_line(self) -> str:
        text = self._line.decode("latin-1")
        self._line.clear()
        return text

    def _run(self, line: str) -> list[Output]:
        commands = parse(line)
        if commands is None:
            return []
        self._asked = max(1, len(commands))
        self.commands += self._asked
        asked = line.strip().upper()
        self._obey(asked)
        if self._hangs or asked in self.phone.personality.mute:
            return []
        if asked in self.phone.personality.starts_anew_on:
            return [Output(self._result("OK"), worked=1), *self.reboot()]
        return self._finish(lambda: self._run_all(commands), bare=asked in self.phone.personality.bare)

    def _obey(self, asked: str) -> None:
        """Carry out what only this kind of modem has."""
        who = self.phone.personality
        if who.told_here_by == asked:
            self.phone.tells_on = 0
        if who.chatter and who.chatter.stopped_by == asked:
            self.phone.chatters = False

    @property
    def _hangs(self) -> bool:
        chatter = self.phone.personality.chatter
        return chatter is not None and 0 < chatter.limit <= self._chattered

    def _run_all(self, commands: Iterable[Command]) -> Reply:
        """Each command in turn; the first that is refused ends the line (V.250 5.4.2)."""
        lines: list[str] = []
        for command in commands:
            reply = self._handler(command)(self.phone, command)
            lines += reply.lines
            if reply.body:
                return Reply(tuple(lines), reply.body)
        return Reply(tuple(lines))

    def _handler(self, command: Command) -> Handler:
        who = self.phone.personality
        handler = (vendor.COMMANDS if command.name in who.knows else COMMANDS).get(command.name)
        if handler is None:
            raise VerbatimError(who.unknown)
        return handler

    def _finish(self, action: Callable[[], Reply], *, bare: bool = False) -> list[Output]:
        try:
            reply = action()
        except RefusalError as refusal:
            return [self._answer(self._result(self._error(refusal)))]
        if reply.body:
            if self.phone.faults.strikes(FaultKind.NO_PROMPT):
                return []
            self._body = reply.body
            return [self._answer(_lines(reply.lines) + b"\r\n> ")]
        whole = _lines(reply.lines) + (b"" if bare and reply.lines else self._result("OK"))
        return [self._answer(whole, listing=bool(reply.lines) and reply.lines[0].startswith("+CMGL"))]

    def _answer(self, data: bytes, *, listing: bool = False) -> Output:
        """The answer as it leaves the modem: with what it chatters, and with what faults make of it."""
        faults = self.phone.faults
        if listing and faults.strikes(FaultKind.TRUNCATED_LISTING):
            data = data[: len(data) // 2]
        if faults.strikes(FaultKind.GARBAGE):
            data = GARBAGE
        if faults.strikes(FaultKind.NOISE):
            data = NOISE + data + NOISE
        chatter = self.phone.personality.chatter
        if chatter and self.phone.chatters:
            self._chattered += 1
            data = _framed((chatter.line,)) + data
        return Output(data, worked=self._asked)

    def _result(self, text: str) -> bytes:
        if self.phone.settings.verbose or text not in NUMERIC_RESULTS:
            return _framed((text,))
        return NUMERIC_RESULTS[text].encode() + b"\r"

    def _error(self, refusal: RefusalError) -> str:
        if isinstance(refusal, VerbatimError):
            return refusal.line
        if isinstance(refusal, CmsError):
            return f"+CMS ERROR: {refusal.code}"
        level = self.phone.settings.cmee
        if not isinstance(refusal, CmeError) or level == 0:
            return "ERROR"
        return f"+CME ERROR: {refusal.code if level == 1 else CME_TEXTS.get(refusal.code, 'unknown')}"


def _lines(lines: tuple[str, ...]) -> bytes:
    """V.250 5.7.1: an answer's lines stand between empty ones."""
    return _framed(lines) if lines else b""


def _framed(lines: Iterable[str]) -> bytes:
    return ("\r\n" + "\r\n".join(lines) + "\r\n").encode("latin-1", "replace")


def _joined(outputs: Iterable[Output]) -> list[Output]:
    """Echoed characters travel together."""
    joined: list[Output] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and not (last.worked or last.unsolicited or output.worked or output.unsolicited):
            joined[-1] = replace(last, data=last.data + output.data)
        else:
            joined.append(output)
    return joined
