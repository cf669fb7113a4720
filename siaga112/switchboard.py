"""The watcher of one Asterisk: carries what AMI says into the operator pool and the stream of facts.

What an event means is decided in `ivr.watch`; here are the connection, the clock and the order of things: a full look
after each connect, only then the heartbeat that lets the pool be trusted, and from time to time another full look,
since an event may have been missed.
"""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import singledispatchmethod
from time import monotonic

from hardware.asterisk.ami import AmiClient, AmiError, Message
from ivr.call_records import CallRecords
from ivr.dead_nodes import DeadNodes
from ivr.facts import FactSender
from ivr.remembered import Remembered
from ivr.watch import (
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
    Renew,
    Ringing,
    SetReachable,
    Tell,
    Unanswered,
    Watch,
)
from redis_queue.errors import QueueError
from redis_queue.fail_opens import FailOpens
from redis_queue.node_calls import NodeCall, NodeCalls
from redis_queue.operators import OperatorProfile
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from siaga112 import log
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

TICK_S = 1.0
HEARTBEAT_S = 3.0
"""How long the pool trusts us after our last word."""

LOOK_EVERY_S = 5.0

LOST_AFTER_S = 3.0
"""An Asterisk that ends in good order closes AMI first, and we are asked to end a moment later: that is no loss."""

_log = log.get(__name__)


class Switchboard:
    """Listens to one `AmiClient` and keeps pool and facts in step with it."""

    def __init__(
        self,
        *,
        node: str,
        watch: Watch,
        calls: NodeCalls,
        dead_nodes: DeadNodes,
        pool: OperatorPool,
        remembered: Remembered,
        facts: FactSender,
        fail_opens: FailOpens,
        roster: Iterable[OperatorProfile],
        wrap_up_s: float,
        records: CallRecords | None,
    ) -> None:
        self._node = node
        self._watch = watch
        self._calls = calls
        self._dead_nodes = dead_nodes
        self._pool = pool
        self._remembered = remembered
        self._facts = facts
        self._fail_opens = fail_opens
        self._roster = tuple(roster)
        self._wrap_up_s = wrap_up_s
        self._records = records
        # Events come on the client's thread, ticks on ours: a full look and an event must not overtake each other.
        self._turn = threading.Lock()
        self._missing: set[str] = set()
        self._client: AmiClient | None = None
        self._reachable: dict[str, bool] = {}  # what the pool was told since the last full look
        self._look_at = 0.0
        self._lost: tuple[float, AmiError] | None = None
        self._progressed_at = monotonic()
        self._looked = threading.Event()
        self._stopping = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="switchboard")

    def start(self) -> None:
        """Begin to tick; events come by the client."""
        self._ticker.start()

    def stop(self) -> None:
        """Stop; the pool then soon counts as unwatched."""
        self._stopping.set()
        self._ticker.join()

    def wait_looked(self, limit_s: float) -> bool:
        """Wait for the first full look."""
        return self._looked.wait(limit_s)

    def progress(self) -> float:
        """When the clock last went round (`time.monotonic`)."""
        return self._progressed_at

    # -- AmiListener

    def on_ready(self, client: AmiClient) -> None:
        """Connected: look at everything."""
        _log.info("ami.ready")
        self._lost = None
        self._client = client
        self._look_at = 0.0
        self._beat()

    def on_event(self, event: Message) -> None:
        """Carry one event into the pool."""
        try:
            operations = self._watch.event(event, datetime.now(UTC))
            if operations:
                with self._turn:
                    self._apply_all(operations)
        except QueueError as error:
            # What was missed is made good by a full look as soon as Redis is back.
            self._look_at = 0.0
            _log.warning("pool.unreachable", reason=str(error))
        except Exception:  # noqa: BLE001 - one event that we do not understand costs a look, not the watch
            self._look_at = 0.0
            _log.exception("event.failed", ami_event=event.event)

    def on_lost(self, error: AmiError) -> None:
        """Blind: no more heartbeats until the next full look."""
        self._client = None
        self._lost = (monotonic(), error)

    # -- the clock

    def _tick(self) -> None:
        while not self._stopping.wait(TICK_S):
            self._beat()
            self._tell_loss()
            self._progressed_at = monotonic()

    def _tell_loss(self) -> None:
        lost = self._lost
        if lost is not None and monotonic() > lost[0] + LOST_AFTER_S:
            _log.error("ami.lost", reason=str(lost[1]))
            self._lost = None

    def _beat(self) -> None:
        with self._turn:
            for duty in (
                self._keep_watch,
                self._pool.expire,
                self._dead_nodes.look,
                self._fail_opens.flush,
                self._import_records,
            ):
                try:
                    duty()
                except QueueError as error:
                    self._look_at = 0.0
                    _log.warning("switchboard.waits", reason=str(error))
                    # The others need Redis, too.
                    return
                except AmiError as error:
                    self._look_at = 0.0
                    _log.warning("switchboard.waits", reason=str(error))
                except Exception:  # noqa: BLE001 - a clock that stops would send every call into the fallback
                    self._look_at = 0.0
                    _log.exception("switchboard.failed", duty=duty.__name__)

    def _keep_watch(self) -> None:
        client = self._client
        if client is None:
            return
        if monotonic() >= self._look_at:
            self._look(client)
        if not self._pool.heartbeat(self._node, HEARTBEAT_S):
            self._look(client)

    def _import_records(self) -> None:
        if self._records is not None:
            self._records.tell()

    def _look(self, client: AmiClient) -> None:
        self._pool.set_roster(self._roster)
        self._reachable.clear()
        now = datetime.now(UTC)
        for row in client.list_action("DeviceStateList"):
            self._apply_all(self._watch.event(row, now))
        # What was missing at the last look and has not ended since was lost; what is missing now has until the next.
        overdue, self._missing = self._missing, set()
        # Written down by us or by who watched before us: a call that ended while nobody watched is missing, too.
        known = frozenset(call.call_id for call in self._calls.of(self._node)) - overdue
        held = self._pool.snapshot()
        rows = client.list_action("CoreShowChannels")
        self._apply_all((*self._watch.lost(overdue, now), *self._watch.snapshot(rows, held, known)))
        self._calls.over(self._node, overdue)
        self._look_at = monotonic() + LOOK_EVERY_S
        self._looked.set()

    # -- operations

    def _apply_all(self, operations: Iterable[Operation]) -> None:
        # What is kept while Redis is away goes first: it must not be lost with an operation that fails.
        for operation in sorted(operations, key=lambda one: not isinstance(one, Tell | FailedOpen)):
            self._apply(operation)

    @singledispatchmethod
    def _apply(self, operation: Operation) -> None:
        raise TypeError(f"no way to carry out {operation!r}")

    @_apply.register
    def _(self, operation: Began) -> None:
        self._calls.began(self._node, NodeCall(operation.call_id, operation.caller, operation.trunk))

    @_apply.register
    def _(self, operation: SetReachable) -> None:
        # Its state changes at each step of a call; whether it is there does not, and each word to Redis takes time.
        if self._reachable.get(operation.extension) is not operation.reachable:
            self._pool.set_reachable(operation.extension, operation.reachable, node=self._node)
            self._reachable[operation.extension] = operation.reachable

    @_apply.register
    def _(self, operation: Ringing) -> None:
        self._pool.ringing(operation.extension, operation.call_id)

    @_apply.register
    def _(self, operation: Answered) -> None:
        self._pool.answered(operation.extension, operation.call_id)
        self._remembered.last_calls.keep(operation.extension, operation.call_id)

    @_apply.register
    def _(self, operation: Occupied) -> None:
        held = next((status for status in self._pool.snapshot() if status.extension == operation.extension), None)
        # Who talks with a caller and dials on a second line stays with the caller.
        if held is None or held.state is not OperatorState.TALKING:
            self._pool.answered(operation.extension, operation.call_id)

    @_apply.register
    def _(self, operation: Freed) -> None:
        self._pool.ended(operation.call_id, self._wrap_up_s if operation.wraps_up else 0.0)

    @_apply.register
    def _(self, operation: Alive) -> None:
        self._remembered.signs.seen(operation.call_id)
        self._pool.promote(operation.call_id)

    @_apply.register
    def _(self, operation: Unanswered) -> None:
        if self._remembered.signs.is_silent(operation.call_id):
            silent = CallFact(
                call_id=operation.call_id, kind=CallFactKind.ENDED, at=operation.at, outcome=Outcome.SILENT
            )
            self._facts.send(silent)

    @_apply.register
    def _(self, operation: Left) -> None:
        self._pool.leave(operation.call_id)

    @_apply.register
    def _(self, operation: FailedOpen) -> None:
        if operation.reason.is_planned:
            _log.warning("call.handed_over", call_id=operation.call_id, reason=operation.reason.value)
        else:
            _log.error("call.failed_open", call_id=operation.call_id, reason=operation.reason.value)
        self._fail_opens.count(operation.reason)

    @_apply.register
    def _(self, operation: Ended) -> None:
        self._missing.discard(operation.call_id)
        self._pool.ended(operation.call_id, self._wrap_up_s)
        self._calls.over(self._node, (operation.call_id,))

    @_apply.register
    def _(self, operation: Missing) -> None:
        self._missing.add(operation.call_id)

    @_apply.register
    def _(self, operation: Renew) -> None:
        self._pool.renew(operation.call_ids)

    @_apply.register
    def _(self, operation: Tell) -> None:
        self._facts.send(operation.fact)
