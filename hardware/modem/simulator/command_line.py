"""A command line taken apart: ``AT+CMGF=0;+CSQ`` is two commands (ITU-T V.250 5.2 to 5.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Form(Enum):
    """How a command is asked."""

    EXECUTE = auto()  # AT+CMD
    READ = auto()  # AT+CMD?
    TEST = auto()  # AT+CMD=?
    SET = auto()  # AT+CMD=…


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its values, quotes taken off."""

    name: str
    form: Form
    values: tuple[str, ...] = ()

    def value(self, place: int, default: str = "") -> str:
        """Give one value; `default` where it was left out."""
        given = self.values[place] if place < len(self.values) else ""
        return given or default


_LINE = re.compile(r"\s*AT(.*)", re.IGNORECASE | re.DOTALL)
_DIAL = re.compile(r"D.*", re.IGNORECASE)
_BASIC = re.compile(r"(S[0-9]+)(?:=([0-9]+)|\?)|(&?[A-Z])([0-9]*)", re.IGNORECASE)
_EXTENDED = re.compile(r"([+^*%$#][A-Z0-9]+)(=\?|\?|=|)(.*)", re.IGNORECASE | re.DOTALL)
_OUTSIDE_QUOTES = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'
_SEMICOLON = re.compile(";" + _OUTSIDE_QUOTES)
_COMMA = re.compile("," + _OUTSIDE_QUOTES)

_FORMS = {"": Form.EXECUTE, "?": Form.READ, "=?": Form.TEST, "=": Form.SET}


def parse(line: str) -> tuple[Command, ...] | None:
    """Give the commands of a line, or None for a line that is no command line and gets no answer."""
    match = _LINE.fullmatch(line)
    return tuple(_commands(match[1].strip())) if match else None


def _commands(body: str) -> Iterator[Command]:
    if _DIAL.match(body):
        yield Command("D", Form.EXECUTE, (body[1:],))
        return
    for piece in _SEMICOLON.split(body):
        yield from _piece(piece.strip())


def _piece(text: str) -> Iterator[Command]:
    while text:
        extended = _EXTENDED.fullmatch(text)
        if extended:
            values = (
                tuple(value.strip().strip('"') for value in _COMMA.split(extended[3])) if extended[2] == "=" else ()
            )
            yield Command(extended[1].upper(), _FORMS[extended[2]], values)
            return
        basic = _BASIC.match(text)
        if not basic:
            yield Command(text.upper(), Form.EXECUTE)  # no table has it, so it is an error
            return
        yield Command((basic[1] or basic[3]).upper(), Form.EXECUTE, (basic[2] or basic[4] or "",))
        text = text[basic.end() :]
