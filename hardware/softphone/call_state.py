"""The life of a call as its user sees it.

    TRYING ──RING──▶ RINGING ──ANSWER──▶ ANSWERED ──END──▶ ENDED
      │                 │
      └────CANCEL───────┴──▶ CANCELLING ──END──▶ ENDED

Both sides use the same table. The caller is CANCELLING from the wish to hang up until the other side
has confirmed it: before that a CANCEL may cross the answer on the way (RFC 3261 section 9.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class CallState(Enum):
    """Where the call is."""

    TRYING = auto()
    RINGING = auto()
    CANCELLING = auto()
    ANSWERED = auto()
    ENDED = auto()


class CallEvent(Enum):
    """What happens to it."""

    RING = auto()
    ANSWER = auto()
    CANCEL = auto()
    END = auto()


CALL_TABLE: dict[CallState, dict[CallEvent, CallState]] = {
    CallState.TRYING: {
        CallEvent.RING: CallState.RINGING,
        CallEvent.ANSWER: CallState.ANSWERED,
        CallEvent.CANCEL: CallState.CANCELLING,
        CallEvent.END: CallState.ENDED,
    },
    CallState.RINGING: {
        CallEvent.RING: CallState.RINGING,
        CallEvent.ANSWER: CallState.ANSWERED,
        CallEvent.CANCEL: CallState.CANCELLING,
        CallEvent.END: CallState.ENDED,
    },
    CallState.CANCELLING: {CallEvent.END: CallState.ENDED},
    CallState.ANSWERED: {CallEvent.END: CallState.ENDED},
    CallState.ENDED: {},
}


class EndedBy(Enum):
    """Who ended the call."""

    US = "we hung up"
    PEER = "the other side hung up"
    REFUSAL = "it was refused"
    CANCEL = "the caller gave up before the answer"
    NO_ANSWER = "the other side does not respond"
    VANISHED = "this phone vanished"
    BROKEN = "the other side's session description cannot be served"


@dataclass(frozen=True)
class Ending:
    """How a call ended: the SIP status of a refusal, and the peer's Reason field (RFC 3326) if it sent one."""

    by: EndedBy
    status: int | None = None
    phrase: str = ""
    reason: str = ""

    def __str__(self) -> str:
        status = f"{self.status} {self.phrase}" if self.status is not None else ""
        detail = ", ".join(item for item in (status, self.reason) if item)
        return f"{self.by.value} ({detail})" if detail else self.by.value
