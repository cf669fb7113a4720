"""What the engine has to say about the bytes it was given."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.modem.at.results import Final


@dataclass(frozen=True, slots=True)
class Answer:
    """A command is over: the lines between it and its final result, echo and unsolicited codes taken out."""

    command: str
    lines: tuple[str, ...]
    final: Final

    @property
    def ok(self) -> bool:
        """Whether the modem did what it was asked."""
        return self.final.ok


@dataclass(frozen=True, slots=True)
class Prompt:
    """The modem waits for the body of a message (TS 27.005 3.5.1, 4.3)."""


@dataclass(frozen=True, slots=True)
class Urc:
    """An unsolicited result code. `body` is what came after its line: a PDU, or the rest of a text; often ""."""

    code: str
    line: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Stray:
    """A line that nobody asked for and no table knows: a late answer, noise, or a code of an unknown maker."""

    line: str


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """In the answer to `command` stood a line of another command's: the running one will get no answer from here."""

    command: str
    line: str


Event = Answer | OutOfStep | Prompt | Urc | Stray
