"""AMI without input and output: bytes to messages, actions to bytes, and which message answers which action.

A message is lines `Name: value`, each ended by CR LF, and an empty line. Every message is read by this one rule: what
a value says ("status will follow", "Response: Error") never changes how the next line is read; callers choose values.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from hardware.asterisk.ami.errors import AmiProtocolError, AmiValueError

BANNER = "Asterisk Call Manager/"

LONGEST_MESSAGE = 1 << 20
"""Bytes; the longest that Asterisk sends is a list of channel variables, a few thousand."""

# PJSIPShowEndpoint and PJSIPShowRegistrationsOutbound tell every password; nothing here wants one, and logs must not.
_SECRETS = frozenset({"password", "passworddigest", "md5cred", "oauthsecret", "refreshtoken"})

_BLANKS = " \t\n\r\v\f"
"""Of ASCII only: what else looks blank belongs to a name that a caller chose."""

_EVENT = b"Event: "
_ANSWERS = b"\r\nActionID: "
"""As Asterisk writes them (`manager.c`)."""

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Message:
    """One event or response; headers in their order, repeated ones (`Output`, `ChanVariable`) kept."""

    headers: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header; names are compared without case."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == wanted), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        wanted = name.casefold()
        return tuple(value for key, value in self.headers if key.casefold() == wanted)

    @property
    def event(self) -> str:
        """The event's name; empty for a response. Only a message's first header says what it is."""
        return self.headers[0][1] if self.headers[0][0].casefold() == "event" else ""

    @property
    def response(self) -> str:
        """`Success`, `Error`, `Goodbye`; empty for an event."""
        return self.headers[0][1] if self.headers[0][0].casefold() == "response" else ""

    @property
    def action_id(self) -> str:
        """What ties it to an action; empty when nothing does."""
        return self.get("ActionID")


class Parser:
    """Bytes in, messages out.

    Args:
        wanted: names of events. Others are dropped unread, save what answers an action.
    """

    def __init__(self, wanted: Set[str]) -> None:
        self.banner: str | None = None
        self._wanted = frozenset(name.encode() for name in wanted)
        self._buffer = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> list[Message]:
        """Take what came; return the messages that are complete.

        Raises:
            AmiProtocolError: the other side speaks something else, or a message has no end.
        """
        self._buffer += data
        if self.banner is None and not self._take_banner():
            return self._checked([])
        return self._checked([Message(headers) for block in self._blocks() if (headers := tuple(_headers(block)))])

    def _checked(self, messages: list[Message]) -> list[Message]:
        if len(self._buffer) > LONGEST_MESSAGE:
            raise AmiProtocolError(f"AMI sent {len(self._buffer)} bytes without an end of message")
        return messages

    def _take_banner(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        self.banner = self._buffer[:end].decode(errors="replace")
        del self._buffer[: end + 2]
        return True

    def _blocks(self) -> Iterator[bytearray]:
        # An end cannot begin earlier than three bytes before what was already searched.
        start, search = 0, max(self._searched - 3, 0)
        while (end := self._buffer.find(b"\r\n\r\n", search)) >= 0:
            if self._is_wanted(start, end):
                yield self._buffer[start:end]
            start = search = end + 4
        del self._buffer[:start]
        self._searched = len(self._buffer)

    def _is_wanted(self, start: int, end: int) -> bool:
        # Where it lies, and before a line of it is read: most of what a busy Asterisk says is dropped here.
        if not self._buffer.startswith(_EVENT, start, end):
            return True
        name = self._buffer[start + len(_EVENT) : self._buffer.find(b"\r\n", start, end + 2)]
        return bytes(name) in self._wanted or self._buffer.find(_ANSWERS, start, end) >= 0


def _headers(block: bytearray) -> Iterable[tuple[str, str]]:
    # Decoded as a whole: a busy Asterisk says thousands of these lines a second.
    for line in block.decode(errors="replace").split("\r\n"):
        name, separator, value = line.partition(":")
        name = name.strip(_BLANKS)
        if separator and name and name.lower() not in _SECRETS:
            yield name, value.strip(_BLANKS)


def encode_action(name: str, fields: Fields, action_id: str) -> bytes:
    """An action's bytes; raises AmiValueError for a value that would begin a line of its own."""
    lines = [("Action", name), ("ActionID", action_id), *fields]
    for key, value in lines:
        if any(character in key + value for character in "\r\n\0"):
            raise AmiValueError(f"AMI action {name!r}: {key!r} holds a line break")
    return ("".join(f"{key}: {value}\r\n" for key, value in lines) + "\r\n").encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """All that answered one action: its response, and for a list action the events of the list."""

    response: Message
    events: tuple[Message, ...] = ()


@dataclass(slots=True)
class _Open:
    response: Message | None = None
    events: list[Message] = field(default_factory=list)


class Correlator:
    """Which messages answer which action: by ActionID, in whatever order they come."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def expect(self, action_id: str) -> None:
        """An action with this ActionID is about to be sent."""
        self._open[action_id] = _Open()

    def forget(self, action_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._open.pop(action_id, None)

    def take(self, message: Message) -> Answer | None:
        """The whole answer that this message completes; None while more is to come, or for what answers nothing."""
        open_action = self._open.get(message.action_id) if self._open else None
        if open_action is None:
            return None
        if message.response:
            open_action.response = message
            begins_list = message.get("EventList").casefold() == "start"
            return None if begins_list else self._complete(message.action_id)
        if message.get("EventList").casefold() == "complete":
            return self._complete(message.action_id)
        open_action.events.append(message)
        return None

    def belongs(self, message: Message) -> bool:
        """Whether a message is part of an answer that is waited for."""
        return bool(self._open) and message.action_id in self._open

    def _complete(self, action_id: str) -> Answer | None:
        open_action = self._open.pop(action_id)
        # An end without a beginning answers nothing; the one who waits runs into the time-out.
        return Answer(open_action.response, tuple(open_action.events)) if open_action.response else None
