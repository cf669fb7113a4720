"""The simulated modem, sans-IO: bytes from the host in, bytes to the host out; no thread, no clock, no sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hardware.modem.simulator import general, message_settings, messages, radio
from hardware.modem.simulator.arrivals import arrive
from hardware.modem.simulator.command_line import Command, Form, parse
from hardware.modem.simulator.general import Handler
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.replies import CME_TEXTS, CmeError, CmsError, PlainError, RefusalError, Reply

CR, BACKSPACE, CTRL_Z, ESC = 0x0D, 0x08, 0x1A, 0x1B
LINE_LIMIT = 2048  # V.250 5.2.1 wants 40 at least; what is longer is cut, so that noise fills no memory


def _list_commands(_: Phone, command: Command) -> Reply:
    """TS 27.007 8.37."""
    return Reply() if command.form is Form.TEST else Reply(tuple(f"AT{name}" for name in COMMANDS))


COMMANDS: Mapping[str, Handler] = {
    **general.COMMANDS,
    **radio.COMMANDS,
    **message_settings.COMMANDS,
    **messages.COMMANDS,
    "+CLAC": _list_commands,
}


@dataclass(frozen=True, slots=True)
class Output:
    """Bytes for the host. `worked` tells that a command was carried out for them, which takes a real modem its time."""

    data: bytes
    worked: bool = False


class ModemCore:
    """Feeds command lines and bodies to the handlers and frames what they give."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._line = bytearray()
        self._body: Callable[[str], Reply] | None = None

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
        return [] if self._body else [Output(_framed((code,))) for code in arrive(self.phone)]

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
            return [Output(_framed(("OK",)), worked=True), *self.arrivals()]
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
        return [] if commands is None else self._finish(lambda: self._run_all(commands))

    def _run_all(self, commands: Iterable[Command]) -> Reply:
        """Each command in turn; the first that is refused ends the line (V.250 5.4.2)."""
        lines: list[str] = []
        for command in commands:
            handler = COMMANDS.get(command.name)
            if handler is None:
                raise PlainError
            reply = handler(self.phone, command)
            lines += reply.lines
            if reply.body:
                return Reply(tuple(lines), reply.body)
        return Reply(tuple(lines))

    def _finish(self, action: Callable[[], Reply]) -> list[Output]:
        try:
            reply = action()
        except RefusalError as refusal:
            return [Output(_framed((self._error(refusal),)), worked=True)]
        if reply.body:
            self._body = reply.body
            return [Output(_lines(reply.lines) + b"\r\n> ", worked=True)]
        return [Output(_lines(reply.lines) + _framed(("OK",)), worked=True)]

    def _error(self, refusal: RefusalError) -> str:
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
        if joined and not joined[-1].worked and not output.worked:
            joined[-1] = Output(joined[-1].data + output.data)
        else:
            joined.append(output)
    return joined
