"""Watches the trunks of this machine's Asterisk: notes what happens on each, and says what a person must know."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from hardware.asterisk.ami import AmiClient, AmiError, Message
from hardware.asterisk.ami.views import endpoint_of
from hardware.asterisk.context import trunk_name
from hardware.asterisk.trunks.state import TrunkCondition, TrunkState
from redis_queue.errors import QueueError
from redis_queue.trunk_notes import TrunkNotes, TrunkSight
from siaga112 import log
from siaga112.settings import Trunk
from siaga112.trunks.alarms import TrunkAlarms
from siaga112.trunks.board import NOT_THERE, TrunkBoard, all_down

LOOK_EVERY_S = 10.0

CALL_NOTED_EVERY = timedelta(seconds=1)
"""When a trunk last carried a call need not be known better: a busy one carries a hundred in that time."""

REFUSED = 400
"""SIP status codes from here on are refusals (RFC 3261 clause 7.2)."""

_CALLEE = frozenset({480, 486, 487, 600, 603})
"""Refusals that say something of who was called, or of who gave up, and nothing of the trunk."""

_UP = "6"  # AST_STATE_UP: the call was answered

_log = log.get(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class TrunkWatch:
    """An AMI listener beside the switchboard's, whose events wait for nothing that this one does."""

    wants = frozenset({"Hangup"})

    def __init__(
        self,
        node: str,
        board: TrunkBoard,
        notes: TrunkNotes,
        trunks: Sequence[Trunk],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._node = node
        self._board = board
        self._notes = notes
        self._trunks = trunks
        self._now = now
        self._since = now()
        self._client: AmiClient | None = None
        self._call_noted: dict[str, datetime] = {}
        self._alarms = {
            trunk.name: TrunkAlarms(trunk.name, timedelta(hours=trunk.silence_alarm_hours)) for trunk in trunks
        }

    def on_ready(self, client: AmiClient) -> None:
        """Ask by it from here on; there is nothing to catch up with, as `look` asks for everything."""
        self._client = client

    def on_event(self, event: Message) -> None:
        """Note a call that a trunk carried or refused."""
        if event.event != "Hangup":
            return
        trunk = trunk_name(endpoint_of(event.get("Channel")))
        if trunk is None:
            return
        try:
            self._note(trunk, event)
        except QueueError as error:
            _log.warning("trunk.not_noted", trunk=trunk, reason=str(error))

    def on_lost(self, error: AmiError) -> None:
        """The next look says so."""

    def look(self) -> None:
        """See how each is, and say what is wrong; raises `UnavailableError`."""
        for state in self._states():
            now = self._now()
            call_at = self._notes.read(state.name).call_at or self._since
            self._alarms[state.name].update(state, call_at, now)
            up = state.condition is TrunkCondition.UP
            self._notes.seen(TrunkSight(state.name, self._node, up=up, calls=state.calls, at=now))

    def _states(self) -> Sequence[TrunkState]:
        if self._client is None:
            return all_down(self._trunks, NOT_THERE)
        try:
            return self._board.seen_by(self._client, self._trunks)
        except AmiError as error:
            return all_down(self._trunks, str(error))

    def _note(self, trunk: str, event: Message) -> None:
        status = event.get("TechCause")
        if event.get("ChannelState") == _UP:
            self._note_call(trunk, self._now())
        elif status.isascii() and status.isdigit() and int(status) >= REFUSED and int(status) not in _CALLEE:
            self._notes.failed(trunk, int(status), self._now())

    def _note_call(self, trunk: str, now: datetime) -> None:
        noted = self._call_noted.get(trunk)
        # Not `now - noted`: a clock that was set back would leave calls unnoted until it gets there again.
        if noted is None or abs(now - noted) >= CALL_NOTED_EVERY:
            self._notes.called(trunk, now)
            self._call_noted[trunk] = now
