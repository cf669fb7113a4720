"""The watcher of one Asterisk: carries what AMI says into the operator pool and the stream of facts.

What an event means is decided in `ivr.watch`, and `ivr.carrier` carries it out; here are the connection, the clock and
the order of things: a full look after each connect, only then the heartbeat that lets the pool be trusted, and from
time to time another full look, since an event may have been missed.
"""

import threading
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from time import monotonic

from hardware.asterisk.ami import AmiClient, AmiError, Message
from ivr.call_records import CallRecords
from ivr.carrier import Carrier
from ivr.dead_nodes import DeadNodes
from ivr.operations import Operation
from ivr.watch import EVENTS, Watch
from redis_queue.errors import QueueError
from redis_queue.fail_opens import FailOpens
from redis_queue.node_calls import NodeCalls
from redis_queue.operators import OperatorProfile
from redis_queue.pool import OperatorPool
from siaga112 import log

TICK_S = 1.0
HEARTBEAT_S = 3.0
"""How long the pool trusts us after our last word."""

LOOK_EVERY_S = 5.0

GATHER_S = 0.03
"""From an event to the write: what comes with it goes with it, and a claim that follows a key finds Redis at rest.

Nobody notices that an operator is free so much later; a write for each event would cost more than all else here.
"""

MOST_TOGETHER = 200
"""Redis does nothing else meanwhile: some 10 ms."""

LOST_AFTER_S = 3.0
"""An Asterisk that ends in good order closes AMI first, and we are asked to end a moment later: that is no loss."""

_log = log.get(__name__)


class Switchboard:
    """Listens to one `AmiClient` and keeps pool and facts in step with it."""

    wants = EVENTS

    def __init__(
        self,
        *,
        node: str,
        watch: Watch,
        calls: NodeCalls,
        dead_nodes: DeadNodes,
        pool: OperatorPool,
        carrier: Carrier,
        fail_opens: FailOpens,
        roster: Iterable[OperatorProfile],
        records: CallRecords | None,
    ) -> None:
        self._node = node
        self._watch = watch
        self._calls = calls
        self._dead_nodes = dead_nodes
        self._pool = pool
        self._carrier = carrier
        self._fail_opens = fail_opens
        self._roster = tuple(roster)
        self._records = records
        # Events are carried on a thread of their own, ticks on another: a full look and an event must not overtake
        # each other.
        self._turn = threading.Lock()
        self._arrived: deque[Operation] = deque()
        self._some_arrived = threading.Event()
        self._client: AmiClient | None = None
        self._look_at = 0.0
        self._lost: tuple[float, AmiError] | None = None
        self._progressed_at = monotonic()
        self._looked = threading.Event()
        self._stopping = threading.Event()
        self._threads = (
            threading.Thread(target=self._tick, name="switchboard"),
            threading.Thread(target=self._carry, name="switchboard-carrier"),
        )

    def start(self) -> None:
        """Begin to tick and to carry; events come by the client."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Carry out what has come and stop; the pool then soon counts as unwatched."""
        self._stopping.set()
        self._some_arrived.set()
        for thread in self._threads:
            thread.join()

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
        """Have one event carried into the pool; returns at once."""
        try:
            operations = self._watch.event(event, datetime.now(UTC))
        except Exception:  # noqa: BLE001 - one event that we do not understand costs a look, not the watch
            self._look_at = 0.0
            _log.exception("event.failed", ami_event=event.event)
            return
        if operations:
            self._arrived.extend(operations)
            self._some_arrived.set()

    def on_lost(self, error: AmiError) -> None:
        """Blind: no more heartbeats until the next full look."""
        self._client = None
        self._lost = (monotonic(), error)

    # -- what has arrived

    def _carry(self) -> None:
        more = True
        while more:
            self._some_arrived.wait()
            self._some_arrived.clear()
            more = not self._stopping.wait(GATHER_S)
            with self._turn:
                self._carry_arrived()

    def _carry_arrived(self) -> None:
        while self._arrived:
            together = [self._arrived.popleft() for _ in range(min(len(self._arrived), MOST_TOGETHER))]
            try:
                self._carrier.carry(together)
            except QueueError as error:
                # What was missed is made good by a full look as soon as Redis is back.
                self._look_at = 0.0
                _log.warning("pool.unreachable", reason=str(error))
            except Exception:  # noqa: BLE001 - what nobody expected costs a look, not the watch
                self._look_at = 0.0
                _log.exception("events.failed", count=len(together))

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
        self._carry_arrived()
        self._pool.set_roster(self._roster)
        now = datetime.now(UTC)
        phones = client.list_action("DeviceStateList")
        # What came before the answer is older than it.
        self._carry_arrived()
        self._carrier.forget()
        self._carrier.carry(operation for row in phones for operation in self._watch.event(row, now))
        # Not further down: the end of a call that is taken for known must be carried after the call was found missing.
        self._carry_arrived()
        # What was missing at the last look and has not ended since was lost; what is missing now has until the next.
        overdue = self._carrier.take_missing()
        # Written down by us or by who watched before us: a call that ended while nobody watched is missing, too.
        calls = self._calls.of(self._node)
        self._carrier.know(calls)
        known = frozenset(call.call_id for call in calls) - overdue
        held = self._pool.snapshot()
        rows = client.list_action("CoreShowChannels")
        self._carrier.carry((*self._watch.lost(overdue, now), *self._watch.snapshot(rows, held, known)))
        self._calls.over(self._node, overdue)
        self._look_at = monotonic() + LOOK_EVERY_S
        self._looked.set()
