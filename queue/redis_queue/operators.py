"""What goes into the operator pool and what comes out: who operators and callers are, answers, events, times."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from redis_queue.states import OFF_DUTY, Cause, OperatorState


@dataclass(frozen=True)
class OperatorProfile:
    """An operator of the configuration.

    `skills` are category codes that this operator takes first. A supervisor is the reserve: taken when a caller has
    waited `PoolTimes.overflow_ms`, or when no other operator is on duty. So is, after the supervisors, who was paused
    for not answering.
    """

    extension: str
    name: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    supervisor: bool = False
    auto_login: bool = False


@dataclass(frozen=True)
class PoolTimes:
    """How long things hold, in milliseconds."""

    lease_ms: int = 30_000  # a claim, a ringing phone, a talk that nobody renews
    waiting_lease_ms: int = 6_000  # a place in line, and an assigned operator, until `keep_waiting`
    bar_ms: int = 5_000  # a phone that was busy or could not be rung is left alone
    overflow_ms: int = 60_000  # after this wait the supervisors, and who was paused for not answering, are asked too
    behind_ms: int = 60_000  # who is put behind stands as if the call had come so much later
    same_operator_ms: int = 600_000  # who calls again within this gets the operator of before; 0: never
    no_answer_limit: int = 2  # phones not answered in a row until the operator is paused


class DialFailure(StrEnum):
    """How Dial ended without an answer: the values of Asterisk's DIALSTATUS."""

    NOANSWER = "NOANSWER"
    BUSY = "BUSY"
    CHANUNAVAIL = "CHANUNAVAIL"
    CONGESTION = "CONGESTION"


class Refusal(StrEnum):
    """Why there is no operator."""

    BUSY = "busy"  # all have calls: wait
    NOBODY = "nobody"  # no one (else) is on duty and reachable: go to the fallback
    BLIND = "blind"  # no watcher tells who is free: go to the fallback
    LAPSED = "lapsed"  # its place in line was not kept: claim or wait again


@dataclass(frozen=True)
class Claimed:
    """The call has this operator; the lease runs.

    `untold`: what the claim changed and nobody was told of yet, to be told once (`OperatorPool.tell`).
    """

    extension: str
    untold: Iterable["PoolEvent"] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Waiting:
    """The call is in line; position 1 is next.

    `expected_s`: as the last waits were; None when too few are known. `watched_s`: so long the pool can be trusted
    without a further word of the watcher; to ask again then tells at once that it is gone.
    """

    position: int
    expected_s: float | None = None
    watched_s: float = field(default=math.inf, compare=False)


@dataclass(frozen=True)
class Refused:
    """The call has no operator and no place in line."""

    reason: Refusal


@dataclass(frozen=True)
class OperatorStatus:
    """One operator at one moment.

    `reason` says why offline or paused, else it is empty; `in_use` names the nodes on which the phone has any call.
    """

    extension: str
    name: str
    state: OperatorState
    since: datetime
    call_id: str | None
    reason: str
    in_use: frozenset[str] = frozenset()

    @property
    def is_off_duty(self) -> bool:
        """Whether nobody is to be expected at the phone."""
        return self.state is OperatorState.OFFLINE and self.reason == OFF_DUTY

    @property
    def is_paused_unasked(self) -> bool:
        """Whether the pause is for not answering, and somebody should look."""
        return self.state is OperatorState.PAUSED and self.reason == Cause.NO_ANSWER


@dataclass(frozen=True)
class WaitingCaller:
    """One call in line; `position` 1 is next, `arrived` in UTC."""

    call_id: str
    position: int
    priority: int
    language: str
    category: str
    node: str
    arrived: datetime
    exclude: frozenset[str]


@dataclass(frozen=True)
class Moved:
    """An operator's state changed; `call_id` is the call that it was about, the one just lost included.

    `reason` is that of the new state, as `OperatorStatus` has it.
    """

    extension: str
    before: OperatorState
    after: OperatorState
    cause: Cause
    call_id: str | None
    reason: str = ""

    @property
    def is_pause_unasked(self) -> bool:
        """Whether the operator is paused by this for not answering."""
        return self.after is OperatorState.PAUSED and self.cause is Cause.NO_ANSWER and self.reason == Cause.NO_ANSWER


@dataclass(frozen=True)
class CallerGone:
    """A waiting call whose script stopped renewing was taken out of the line."""

    call_id: str


@dataclass(frozen=True)
class NodeSilent:
    """A node's watcher stopped its heartbeat while another's lives: its phones count as gone."""

    node: str


PoolEvent = Moved | CallerGone | NodeSilent
