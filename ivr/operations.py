"""What is to be done about what Asterisk said: for the operator pool, and as facts of a call."""

from dataclasses import dataclass
from datetime import datetime

from redis_queue.fail_opens import FailOpenReason
from tickets.calls.acts import CalledBack
from tickets.calls.facts import CallFact


@dataclass(frozen=True, slots=True)
class Began:
    """A call came in; caller and trunk as Asterisk has them."""

    call_id: str
    caller: str
    trunk: str


@dataclass(frozen=True, slots=True)
class SetPhone:
    """The operator's phone can be rung, or cannot; it has a call, or rings."""

    extension: str
    reachable: bool
    in_use: bool


@dataclass(frozen=True, slots=True)
class Ringing:
    """The operator's phone rings for the call."""

    extension: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The operator talks with the caller."""

    extension: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The operator talks with somebody who was called back: no more with whom the last call was."""

    extension: str


@dataclass(frozen=True, slots=True)
class Left:
    """The call wants nobody of the pool any more."""

    call_id: str


@dataclass(frozen=True, slots=True)
class FailedOpen:
    """The dialplan leads the call to a human without us."""

    call_id: str
    reason: FailOpenReason


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The call is not there any more, and its end was not seen yet: it may still be on its way to us."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Renew:
    """These calls are up."""

    call_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tell:
    """A fact, or what an operator did, for the stream."""

    fact: CallFact | CalledBack


@dataclass(frozen=True, slots=True)
class Alive:
    """The caller gave a sign of life."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The caller hung up before anybody answered: abandoned, or silent if there was never a sign of life."""

    call_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Occupied:
    """The operator's phone is in use, but not for a caller who would be this operator's own."""

    extension: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Freed:
    """What `Occupied` said is over, or the caller was led out of the house; `wraps_up`: after a talk with a caller."""

    call_id: str
    wraps_up: bool


Operation = (
    Began
    | SetPhone
    | Ringing
    | Answered
    | Reached
    | Left
    | FailedOpen
    | Ended
    | Missing
    | Renew
    | Tell
    | Alive
    | Unanswered
    | Occupied
    | Freed
)
