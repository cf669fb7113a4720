"""What goes over the control socket: one request and one response to a connection, each a line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.network import SentMessage

COUNTS = ("commands", "stored", "waiting")


class Action(StrEnum):
    """What is asked for."""

    INJECT = "inject"
    INJECT_PDU = "inject-pdu"
    SENT = "sent"
    FAULT = "fault"  # the fault, as it is written, is the text
    CLEAR = "clear"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; the fields that its action does not use stay empty."""

    action: Action
    number: str = ""
    text: str = ""
    pdu: str = ""

    def to_line(self) -> bytes:
        """Give the line for the socket."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Request:
        """Read the line. Raises SimulatorError for what is no request."""
        try:
            given = json.loads(line)
            texts = {name: str(given.get(name, "")) for name in ("number", "text", "pdu")}
            return cls(Action(given["action"]), **texts)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SimulatorError(f"no request of this simulator: {error}") from error


@dataclass(frozen=True, slots=True)
class Response:
    """The answer: an error, or what was asked for."""

    error: str = ""
    sent: tuple[SentMessage, ...] = ()
    commands: int = 0
    stored: int = 0
    waiting: int = 0

    def to_line(self) -> bytes:
        """Give the line for the socket."""
        sent = [asdict(message) | {"sent_at": message.sent_at.isoformat()} for message in self.sent]
        counts = {"commands": self.commands, "stored": self.stored, "waiting": self.waiting}
        return json.dumps({"error": self.error, "sent": sent, **counts}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Response:
        """Read the line. Raises SimulatorError for what is no response."""
        try:
            given = json.loads(line)
            sent = (
                SentMessage(**{**message, "sent_at": datetime.fromisoformat(message["sent_at"])})
                for message in given["sent"]
            )
            return cls(given["error"], tuple(sent), *(int(given[name]) for name in COUNTS))
        except (ValueError, TypeError, KeyError) as error:
            raise SimulatorError(f"no answer of a simulator: {error}") from error
