"""Carries out what is to be done about what Asterisk said: all that came together in one round trip to Redis.

Each write costs Redis one to the disk, and a caller's script that wants an operator waits for that, as we do. One by
one the events of a hundred calls a second take seconds; together they cost one write each time that there is any.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod

from redis import Redis
from redis.client import Pipeline

from ivr.facts import FactSender
from ivr.operations import (
    Alive,
    Answered,
    Began,
    Ended,
    FailedOpen,
    Freed,
    Left,
    Missing,
    Occupied,
    Operation,
    Reached,
    Renew,
    Ringing,
    SetPhone,
    Tell,
    Unanswered,
)
from redis_queue.fail_opens import FailOpens
from redis_queue.last_calls import LastCalls
from redis_queue.life import SignsOfLife
from redis_queue.node_calls import NodeCall, NodeCalls
from redis_queue.pool import OperatorPool
from redis_queue.seen import Seen
from siaga112 import log, phone
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

_log = log.get(__name__)


@dataclass
class _Load:
    """What goes in one round trip."""

    commands: Pipeline
    seen: Seen = field(default_factory=Seen)
    alive: set[str] = field(default_factory=set)
    unanswered: list[Unanswered] = field(default_factory=list)


class Carrier:
    """Carries the operations of one node; not for several threads at once."""

    def __init__(
        self,
        *,
        node: str,
        redis: Redis,
        pool: OperatorPool,
        facts: FactSender,
        fail_opens: FailOpens,
        wrap_up_s: float,
        country: str,
    ) -> None:
        self._node = node
        self._redis = redis
        self._pool = pool
        self._signs = SignsOfLife(redis)
        self._facts = facts
        self._fail_opens = fail_opens
        self._wrap_up_s = wrap_up_s
        self._country = country
        self._callers: dict[str, str] = {}  # of the calls that are up
        self._missing: set[str] = set()
        self._alive: set[str] = set()  # who speaks makes many sounds; the first one tells it all
        self._phones: dict[str, SetPhone] = {}  # what the pool was told since the last full look

    def forget(self) -> None:
        """Before a full look: what the pool was told before may have been lost."""
        self._phones.clear()
        self._alive.clear()

    def know(self, calls: Iterable[NodeCall]) -> None:
        """These calls are up: some may have begun before us."""
        self._callers = {call.call_id: call.caller for call in calls}

    def take_missing(self) -> frozenset[str]:
        """The calls that were missing, and whose end has not been seen since; they are told once."""
        missing, self._missing = frozenset(self._missing), set()
        return missing

    def carry(self, operations: Iterable[Operation]) -> None:
        """Carry all out, in order. Raises `UnavailableError`; facts and counts are kept even so."""
        load = _Load(self._redis.pipeline(transaction=True))
        for operation in operations:
            self._add(operation, load)
        if load.seen.rows or len(load.commands):
            self._pool.saw(load.seen, load.commands)
        self._alive |= load.alive
        self._tell_silent(load.unanswered)

    def _tell_silent(self, unanswered: list[Unanswered]) -> None:
        if not unanswered:
            return
        silent = self._signs.silent_among([each.call_id for each in unanswered])
        for call_id, at in ((each.call_id, each.at) for each in unanswered if each.call_id in silent):
            self._facts.send(CallFact(call_id=call_id, kind=CallFactKind.ENDED, at=at, outcome=Outcome.SILENT))

    def _number(self, call_id: str) -> str:
        """The caller's number as the pool knows callers: if it tells this one from others, else ""."""
        caller = phone.caller_from(self._callers.get(call_id, ""))
        return phone.normalise(caller, self._country) if phone.tells_caller(caller, self._country) and caller else ""

    @singledispatchmethod
    def _add(self, operation: Operation, load: _Load) -> None:
        raise TypeError(f"no way to carry out {operation!r}")

    @_add.register
    def _(self, operation: Began, load: _Load) -> None:
        self._callers[operation.call_id] = operation.caller
        call = NodeCall(operation.call_id, operation.caller, operation.trunk)
        NodeCalls(load.commands).began(self._node, call)

    @_add.register
    def _(self, operation: SetPhone, load: _Load) -> None:
        # Each step of a call says its state; most of them change nothing that matters here.
        if self._phones.get(operation.extension) != operation:
            load.seen.phone(operation.extension, operation.reachable, in_use=operation.in_use, node=self._node)
            self._phones[operation.extension] = operation

    @_add.register
    def _(self, operation: Ringing, load: _Load) -> None:
        load.seen.ringing(operation.extension, operation.call_id)

    @_add.register
    def _(self, operation: Answered, load: _Load) -> None:
        number = self._number(operation.call_id)
        load.seen.answered(operation.extension, operation.call_id, number=number, wrap_up_s=self._wrap_up_s)
        LastCalls(load.commands).keep(operation.extension, operation.call_id)

    @_add.register
    def _(self, operation: Reached, load: _Load) -> None:
        LastCalls(load.commands).keep(operation.extension, None)

    @_add.register
    def _(self, operation: Occupied, load: _Load) -> None:
        load.seen.occupied(operation.extension, operation.call_id)

    @_add.register
    def _(self, operation: Freed, load: _Load) -> None:
        load.seen.ended(operation.call_id, self._wrap_up_s if operation.wraps_up else 0.0)

    @_add.register
    def _(self, operation: Alive, load: _Load) -> None:
        if operation.call_id not in self._alive | load.alive:
            SignsOfLife(load.commands).seen(operation.call_id)
            load.seen.alive(operation.call_id)
            load.alive.add(operation.call_id)

    @_add.register
    def _(self, operation: Unanswered, load: _Load) -> None:
        load.unanswered.append(operation)

    @_add.register
    def _(self, operation: Left, load: _Load) -> None:
        load.seen.left(operation.call_id)

    @_add.register
    def _(self, operation: FailedOpen, load: _Load) -> None:
        if operation.reason.is_planned:
            _log.warning("call.handed_over", call_id=operation.call_id, reason=operation.reason.value)
        else:
            _log.error("call.failed_open", call_id=operation.call_id, reason=operation.reason.value)
        self._fail_opens.count(operation.reason)

    @_add.register
    def _(self, operation: Ended, load: _Load) -> None:
        self._missing.discard(operation.call_id)
        self._alive.discard(operation.call_id)
        load.alive.discard(operation.call_id)
        self._callers.pop(operation.call_id, None)
        load.seen.ended(operation.call_id, self._wrap_up_s)
        NodeCalls(load.commands).over(self._node, (operation.call_id,))

    @_add.register
    def _(self, operation: Missing, load: _Load) -> None:
        self._missing.add(operation.call_id)

    @_add.register
    def _(self, operation: Renew, load: _Load) -> None:
        load.seen.up(operation.call_ids)

    @_add.register
    def _(self, operation: Tell, load: _Load) -> None:
        self._facts.send(operation.fact)
