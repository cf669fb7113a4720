"""The AGI protocol as res_agi speaks it: bytes in, events out. No socket and no clock.

A reply is one line, with two exceptions: `520-` opens a text that ends with a line `520 `, and the value in the
parentheses of a 200 may hold line breaks. `HANGUP` comes on a line of its own between any two replies (FastAGI) and
belongs to no command. A line that is none of these is the rest of a value that looked finished (`a)`, line break, `b`):
it is dropped, or it would answer the next command.
"""

import re
from dataclasses import dataclass

from agi_scripts.channel.environment import Environment, environment_from
from agi_scripts.channel.errors import AgiProtocolError

# Asterisk cuts a value at 1023 characters and sends about 25 environment lines; this is an end for whoever never stops.
LONGEST_ITEM = 16384

SUCCESS = 200
DEAD_CHANNEL = 511  # "Command Not Permitted on a dead channel"

_REPLY = re.compile(r"(?P<code>[0-9]{3})(?P<mark>[ -])(?P<text>.*)", re.DOTALL)
_RESULT = re.compile(
    r"result=(?P<result>[^\s(]*)(?:\s+\((?P<data>.*)\))?(?:\s+endpos=(?P<endpos>[0-9]+))?\s*",
    re.DOTALL,
)
_OPEN_VALUE = re.compile(r"200 result=[^\s(]*\s+\(")
_END_OF_VALUE = re.compile(r".*\)(?:\s+endpos=[0-9]+)?\s*")


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers one command."""

    code: int
    result: str = ""
    data: str = ""
    endpos: int = 0
    text: str = ""  # of a refusal: its words


@dataclass(frozen=True, slots=True)
class HangupNotice:
    """The line `HANGUP`: the caller is gone."""


# What most commands get.
_COMMON = {f"200 result={result}": Reply(SUCCESS, result) for result in ("0", "1")}

Event = Environment | Reply | HangupNotice


class AgiProtocol:
    """Reads one AGI conversation. `feed` raises `AgiProtocolError` when what comes can be no AGI."""

    def __init__(self) -> None:
        self._rest = b""
        self._environment: list[str] | None = []
        self._open: list[str] = []
        self._size = 0

    def feed(self, data: bytes) -> list[Event]:
        """Take what arrived, give what is complete."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        events: list[Event] = []
        for line in lines:
            event = self._line(line.decode("utf-8", "replace").removesuffix("\r"))
            if event is not None:
                self._size = 0
                events.append(event)
        if self._size + len(self._rest) > LONGEST_ITEM:
            raise AgiProtocolError(f"more than {LONGEST_ITEM} bytes and no end of the item")
        return events

    def _line(self, line: str) -> Event | None:
        self._size += len(line) + 1
        if self._environment is not None:
            return self._environment_line(self._environment, line)
        if self._open:
            return self._continued(line)
        if line == "HANGUP":
            return HangupNotice()
        return _COMMON.get(line) or self._first_line(line)

    def _environment_line(self, lines: list[str], line: str) -> Environment | None:
        if line.strip():
            lines.append(line)
            return None
        self._environment = None
        return environment_from(lines)

    def _first_line(self, line: str) -> Reply | None:
        reply = _REPLY.fullmatch(line)
        if reply is None or reply["code"].startswith("1"):  # 1xx: being tried, the answer follows
            return None
        if reply["mark"] == "-" or (_OPEN_VALUE.match(line) and _complete(reply) is None):
            self._open = [line]
            return None
        return _reply(reply)

    def _continued(self, line: str) -> Reply | None:
        self._open.append(line)
        code = self._open[0][:4]
        last = line.startswith(f"{code[:3]} ") if code.endswith("-") else _END_OF_VALUE.fullmatch(line)
        if not last:
            return None
        whole = _REPLY.fullmatch("\n".join(self._open))
        self._open = []
        return None if whole is None else _reply(whole)


def _complete(reply: re.Match[str]) -> re.Match[str] | None:
    return _RESULT.fullmatch(reply["text"])


def _reply(reply: re.Match[str]) -> Reply:
    code = int(reply["code"])
    result = _complete(reply) if code == SUCCESS else None
    if result is not None:
        return Reply(code, result["result"], result["data"] or "", int(result["endpos"] or 0))
    if code == SUCCESS:
        raise AgiProtocolError("a 200 without a result")
    return Reply(code, text=reply["text"])
