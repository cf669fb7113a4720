"""What Prometheus reads: looked up in Redis and the database at each scrape, so that any machine's web part tells it.

A server that is away costs its own figures only, and shows as `siaga112_up`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from console.services import Services
from redis_queue.backlog import backlog
from redis_queue.errors import QueueError
from redis_queue.fail_opens import FailOpens
from redis_queue.pool import OperatorPool
from redis_queue.recording_room import RecordingRoom
from redis_queue.states import OperatorState
from redis_queue.trunk_notes import TrunkNotes
from siaga112 import __version__
from sms_gateway import twilio
from tickets.calls.callbacks import places_in_line
from tickets.counting import messages_by_state, tickets_by_channel
from tickets.errors import StoreUnavailableError

Labels = tuple[str, ...]
Key = TypeVar("Key", bound=Labels)


class InstallationMetrics(Collector):
    """Figures of one installation."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead: registering must not wait for a server."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All figures now."""
        yield _gauge("build_info", "The program's version.", ("version",), {(__version__,): 1})
        up: dict[Labels, float] = {}
        for server, look in (("database", self._database), ("redis", self._redis)):
            try:
                yield from list(look())
                up[(server,)] = 1
            except (StoreUnavailableError, QueueError):
                up[(server,)] = 0
        yield _gauge("up", "1: the server answers.", ("server",), up)

    def _database(self) -> Iterator[Metric]:
        with self._services.store.reading() as session:
            tickets = tickets_by_channel(session)
            messages = messages_by_state(session)
            callbacks = len(places_in_line(session))
        by_channel = {(channel.value,): float(count) for channel, count in tickets.items()}
        yield _gauge("tickets", "Tickets by the channel that they came by.", ("channel",), by_channel)
        yield _gauge("callbacks_waiting", "Numbers that are to be called back.", (), {(): float(callbacks)})
        by_state = {(direction.value, state.value): float(count) for (direction, state), count in messages.items()}
        yield _gauge("messages", "Messages by direction and state.", ("direction", "state"), by_state)

    def _redis(self) -> Iterator[Metric]:
        yield from self._streams()
        yield from self._lines()
        yield from self._probes()
        if self._services.pool is not None:
            yield from _switchboard(self._services.pool)
            yield from _fallen_back(self._services.fail_opens)
            yield from _recording(self._services.recording_room)
            yield from _trunks(self._services.trunk_notes)

    def _streams(self) -> Iterator[Metric]:
        found = {(name,): backlog(stream) for name, stream in self._services.streams.items()}
        for what, about in (
            ("length", "Entries that are not done."),
            ("pending", "Entries that a worker has in hand."),
            ("dead", "Entries that were given up."),
            ("oldest_s", "Age of the oldest entry that is not done, in seconds."),
        ):
            figures = {name: float(getattr(state, what)) for name, state in found.items()}
            yield _gauge(f"stream_{what.replace('_s', '_seconds')}", about, ("stream",), figures)

    def _lines(self) -> Iterator[Metric]:
        views = [self._services.board.read(name) for name in self._services.modems]
        up = {(view.name,): float(view.works) for view in views}
        yield _gauge("modem_up", "1: the modem works.", ("modem",), up)
        signals = {(view.name,): float(view.signal_dbm) for view in views if view.signal_dbm is not None}
        yield _gauge("modem_signal_dbm", "Strength of the signal that it hears.", ("modem",), signals)
        alarms = {(view.name, kind): 1.0 for view in views for kind in view.alarm_kinds}
        yield _gauge("modem_alarm", "1: this is wrong with the modem.", ("modem", "alarm"), alarms)
        credit = {(view.name,): float(view.credit_rupiah) for view in views if view.credit_rupiah is not None}
        yield _gauge("modem_credit_rupiah", "Credit of its SIM.", ("modem",), credit)
        heard = {(view.name,): _epoch(view.last_message_at) for view in views if view.last_message_at}
        yield _gauge("modem_last_message_timestamp_seconds", "When a message came last.", ("modem",), heard)
        capacity = {(view.name,): float(view.capacity) for view in views if view.capacity is not None}
        yield _gauge("modem_capacity", "Messages that its memories hold.", ("modem",), capacity)
        stored = {(view.name,): float(view.stored) for view in views if view.stored is not None}
        yield _gauge("modem_stored", "Messages in its memories.", ("modem",), stored)
        if self._services.twilio is not None:
            works = float(self._services.board.read(twilio.LINE).works)
            yield _gauge("twilio_up", "1: messages can leave by Twilio.", (), {(): works})

    def _probes(self) -> Iterator[Metric]:
        notes = {name: note for name in self._services.probes if (note := self._services.probe_notes.read(name))}
        passed = {(name,): float(note.passed) for name, note in notes.items()}
        yield _gauge("probe_passed", "1: the last test of this line went well.", ("probe",), passed)
        took = {(name,): note.took_s for name, note in notes.items() if note.took_s is not None}
        yield _gauge("probe_seconds", "How long that took.", ("probe",), took)
        last = {(name,): note.passed_at.timestamp() for name, note in notes.items() if note.passed_at}
        yield _gauge("probe_passed_timestamp_seconds", "When one went well last.", ("probe",), last)


def _switchboard(pool: OperatorPool) -> Iterator[Metric]:
    snapshot = pool.snapshot()
    counted = Counter(operator.state for operator in snapshot)
    operators = {(state.value,): float(counted[state]) for state in OperatorState}
    yield _gauge("operators", "Operators by state.", ("state",), operators)
    unasked = float(sum(operator.is_paused_unasked for operator in snapshot))
    yield _gauge("operators_not_answering", "Operators who are paused for not answering.", (), {(): unasked})
    yield _gauge("callers_waiting", "Callers in line for an operator.", (), {(): float(len(pool.waiting()))})
    yield _gauge("switchboard_up", "1: somebody watches Asterisk.", (), {(): float(pool.watcher_alive())})


def _trunks(notes: TrunkNotes) -> Iterator[Metric]:
    sights = notes.sights(datetime.now(UTC))
    up = {(sight.node, sight.trunk): float(sight.up) for sight in sights}
    yield _gauge("trunk_up", "1: calls can go by it.", ("node", "trunk"), up)
    calls = {(sight.node, sight.trunk): float(sight.calls) for sight in sights}
    yield _gauge("trunk_calls", "Calls on it now.", ("node", "trunk"), calls)


def _recording(recording_room: RecordingRoom) -> Iterator[Metric]:
    rooms = recording_room.rooms()
    stopped = {(node,): float(room.stopped) for node, room in rooms.items()}
    yield _gauge("recording_stopped", "1: no call is recorded, there is too little room.", ("node",), stopped)
    free = {(node,): float(room.free_bytes) for node, room in rooms.items()}
    yield _gauge("recording_free_bytes", "Room on the disk of recordings.", ("node",), free)


def _fallen_back(fail_opens: FailOpens) -> Iterator[Metric]:
    failed = CounterMetricFamily(
        "siaga112_calls_failed_open", "Calls that the dialplan led to a human by itself.", labels=("reason",)
    )
    planned = CounterMetricFamily(
        "siaga112_calls_handed_over", "Calls that were given to the fallback as the city wants it.", labels=("reason",)
    )
    for reason, count in fail_opens.read().items():
        (planned if reason.is_planned else failed).add_metric((reason.value,), count)
    yield from (failed, planned)


def _epoch(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _gauge(name: str, about: str, labels: Labels, values: Mapping[Key, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"siaga112_{name}", about, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family
