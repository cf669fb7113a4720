"""The engine: one command at a time, every byte accounted for, no I/O and no clock.

The host sends what `send` gives, feeds `receive` with whatever the line brings, and calls `expire` when it has waited
long enough. After that, or after a final result that nobody awaited, the engine is dirty: the next line may be the late
answer of an old command. A dirty engine takes no command until the host has made the line quiet (`interrupt`, wait,
`settle`).
"""

from __future__ import annotations

import re

from hardware.modem.at import urc
from hardware.modem.at.events import Answer, Event, OutOfStep, Prompt, Stray, Urc
from hardware.modem.at.lines import LineBuffer
from hardware.modem.at.results import Final, Kind, parse_final
from hardware.modem.at.states import TRANSITIONS, State, Step

CTRL_Z = b"\x1a"  # ends a message body (TS 27.005 3.5.1)
NUMERIC_RESULTS = ("0", "4")  # OK and ERROR after ATV0
TEXT_LINES = 20  # of a USSD answer, which has 182 characters at most (TS 23.038 clause 5)
ESC = b"\x1b"  # leaves text entry without sending (TS 27.005 3.5.1)

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]|[^\x00-\xff]")
_OWN_PREFIX = re.compile(r"(?:^AT|;)\s*([+^*%$#&][A-Z0-9_]+)", re.IGNORECASE)
_DIALLING = re.compile(r"AT[DAO]", re.IGNORECASE)
_HEX = re.compile(r"[0-9A-Fa-f]+")


class EngineMisuseError(Exception):
    """The host did what the state table does not allow, or asked to send what no command may hold: a bug of ours."""


class AtEngine:
    """Turns commands into bytes and bytes into events."""

    def __init__(self) -> None:
        self._state = State.IDLE
        self._buffer = LineBuffer()
        self._command = ""
        self._echoes: frozenset[str] = frozenset()
        self._own: frozenset[str] = frozenset()
        self._collected: list[str] = []
        self._open_urc: str | None = None
        self._open_text: list[str] = []

    @property
    def state(self) -> State:
        """The present state."""
        return self._state

    @property
    def sounds_numeric(self) -> bool:
        """Whether the answer so far ends as one does that is given in digits (V.250 6.2.6): no result will come."""
        return bool(self._collected) and self._collected[-1] in NUMERIC_RESULTS

    def send(self, command: str) -> bytes:
        """Give the bytes of a command that ends with a final result."""
        return self._begin(command, Step.SEND)

    def send_for_prompt(self, command: str) -> bytes:
        """Give the bytes of a command that the modem answers with a prompt (AT+CMGS, AT+CMGW)."""
        return self._begin(command, Step.SEND_FOR_PROMPT)

    def send_body(self, body: str) -> bytes:
        """Give the bytes of the body that the modem prompted for, its end mark included."""
        data = _checked(body)
        self._step(Step.SEND_BODY)
        self._echoes |= {body}
        return data + CTRL_Z

    def interrupt(self) -> bytes:
        """Give the bytes that free a modem from text entry; what they answer is not an answer to anything."""
        self._step(Step.EXPIRED)
        return ESC + b"\r"

    def expire(self) -> tuple[str, ...]:
        """Give up on the running command; returns the lines that had come. The engine is dirty from here on."""
        self._step(Step.EXPIRED)
        return tuple(self._collected)

    def accept_bare(self) -> Answer | None:
        """Take the running command for answered, if a line of its own has come: some modems leave the OK out."""
        if self._state is not State.ANSWER or not any(urc.prefix(line) in self._own for line in self._collected):
            return None
        (answer,) = self._finish(Final(Kind.OK, None, ""))
        return answer

    def settle(self) -> None:
        """Take note that the line has fallen quiet: what was owed will not come any more."""
        self._step(Step.SETTLED)
        self._buffer.clear()
        self._open_urc = None
        self._open_text = []

    def receive(self, data: bytes) -> list[Event]:
        """Take what came from the modem, in whatever pieces; never raises."""
        self._buffer.feed(data)
        events: list[Event] = []
        for line in self._buffer.lines():
            events += self._line(line)
        if self._state is State.PROMPT and self._buffer.take_prompt():
            events += self._prompted()
        return events

    def _begin(self, command: str, step: Step) -> bytes:
        data = _checked(command)
        self._step(step)
        self._command = command
        self._echoes = frozenset({command.strip()})
        self._own = frozenset(name.upper() for name in _OWN_PREFIX.findall(command))
        self._collected = []
        return data + b"\r"

    def _step(self, step: Step) -> None:
        after = TRANSITIONS[self._state].get(step)
        if after is None:
            raise EngineMisuseError(f"{step.name} while {self._state.name}")
        self._state = after

    def _line(self, line: str) -> list[Event]:
        if self._open_urc is not None:
            return self._complete_urc(self._open_urc, line)
        if self._open_text:
            return self._continue_text(line)
        if self._state in (State.IDLE, State.DIRTY):
            return self._unasked(line)
        return self._asked(line)

    def _unasked(self, line: str) -> list[Event]:
        if urc.code_of(line):
            return self._begin_urc(line)
        if parse_final(line):
            self._step(Step.DESYNC)
        return [Stray(line)]

    def _asked(self, line: str) -> list[Event]:
        if line in self._echoes:
            return []
        final = parse_final(line, dialling=_DIALLING.match(self._command) is not None)
        if final:
            return [*self._finish(final)]
        if self._state is State.PROMPT and line == ">":
            return self._prompted()
        if urc.prefix(line) not in self._own:
            if urc.code_of(line):
                return self._begin_urc(line)
            if urc.is_answer(urc.prefix(line)):
                self._step(Step.DESYNC)
                return [OutOfStep(self._command, line)]
        self._collected.append(line)
        return []

    def _begin_urc(self, line: str) -> list[Event]:
        if urc.has_body(line):
            self._open_urc = line
            return []
        if urc.has_open_text(line):
            self._open_text = [line]
            return []
        return [Urc(urc.code_of(line), line)]

    def _complete_urc(self, header: str, line: str) -> list[Event]:
        self._open_urc = None
        if _HEX.fullmatch(line) or not self._means_something(line):
            return [Urc(urc.code_of(header), header, line)]
        return [Urc(urc.code_of(header), header), *self._line(line)]

    def _continue_text(self, line: str) -> list[Event]:
        if self._means_something(line):
            return [self._whole_text(), *self._line(line)]
        self._open_text.append(line)
        return [self._whole_text()] if '"' in line or len(self._open_text) >= TEXT_LINES else []

    def _whole_text(self) -> Urc:
        (header, *rest), self._open_text = self._open_text, []
        return Urc(urc.code_of(header), header, "\n".join(rest))

    def _means_something(self, line: str) -> bool:
        known = parse_final(line) is not None or urc.code_of(line) != ""
        return known or urc.prefix(line) in self._own

    def _prompted(self) -> list[Event]:
        self._step(Step.PROMPTED)
        return [Prompt()]

    def _finish(self, final: Final) -> list[Answer]:
        self._step(Step.FINISHED)
        answer = Answer(self._command, tuple(self._collected), final)
        self._collected = []
        return [answer]


def _checked(text: str) -> bytes:
    """A control character would end the command early and let its rest be taken for another one."""
    if _FORBIDDEN.search(text):
        raise EngineMisuseError("a command or a body holds a control character or one beyond Latin-1")
    return text.encode("latin-1")
