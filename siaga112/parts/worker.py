"""`worker`: the one part that writes tickets and calls, from what the streams hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import ParamSpec, TypeVar

from redis_queue.probes import ProbeNotes
from redis_queue.reader import StreamReader
from redis_queue.recording_room import RecordingRoom
from redis_queue.streams import Stream
from siaga112.app import App
from siaga112.parts.call_intake import CallIntake
from siaga112.parts.consuming import Consumer, FaultyEntryError, GiveUp, Handler, Together, TooEarlyError
from siaga112.parts.periodic import Periodic
from siaga112.parts.recordings import recording_keeper
from siaga112.parts.schema import Schema
from siaga112.parts.vitals import Vital, Vitals
from sms_gateway.errors import EarlyReportError, FaultyRecordError
from sms_gateway.failover import Failover
from sms_gateway.health_board import HealthBoard
from sms_gateway.intake import Intake
from sms_gateway.line_tests import LineTests
from sms_gateway.lines import Lines
from sms_gateway.twilio.intake import TwilioIntake

PARTS_EVERY_S = 5.0
"""How often long messages are looked through for those that wait in vain."""

LOCATIONS_EVERY_S = 60.0
"""How often callers' places are looked through for those that are of no use any more."""

FAILOVER_EVERY_S = 10.0
"""How often messages are looked for that their line cannot send."""

LINE_TESTS_EVERY_S = 5.0
"""How often test messages are looked for that are due or have come."""

CALLERS_EVERY_S = 30.0
"""How often what the phones know of callers is held against the database."""

RECORDINGS_EVERY_S = 10.0
"""How often new recordings are linked to their calls."""

DISK_EVERY_S = 10.0
"""How often the room for recordings is looked at; a hundred calls write 1.6 MB a second."""

FACTS_EVERY_S = 0.25
"""How long facts of calls wait for others, to be written down with them: one transaction for many costs little more."""

FACTS_AT_ONCE = 100
"""So many facts at most keep others who write from the database at a time: some 50 ms."""

RETENTION_EVERY_S = 600.0
"""How often recordings are looked through for those whose time is over."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


@contextmanager
def worker(app: App, *, name: str) -> Iterator[Vitals]:
    """Consume the streams until left; `name` tells this worker from others on the same node."""
    consumer_name = f"{app.settings.node}-{name}"
    intake = Intake(app.settings, app.site, app.catalogue, app.store)
    lines = Lines(app.settings, HealthBoard(app.redis))
    posts = TwilioIntake(app.settings, app.site, app.catalogue, app.store, lines)
    calls = CallIntake(app)
    turn = Lock()

    with ExitStack() as stack:
        stack.callback(app.store.close)
        schema = stack.enter_context(Schema(app.store))

        def consumer(
            name: str,
            stream: Stream,
            handler: Handler,
            give_up: GiveUp | None = None,
            together: Together | None = None,
        ) -> Vital:
            # Reads block, so they have a connection of their own; the same name after a restart gets back what it had.
            reader = StreamReader(Stream(app.reading_redis, stream.name), consumer_name)
            handle = _once_there(schema, handler)
            consuming = Consumer(
                f"worker-{name}", reader, stream, handle, turn=turn, give_up=give_up, together=together
            )
            return stack.enter_context(consuming).vital()

        facts = Together(_once_there(schema, calls.handle_all), FACTS_AT_ONCE, FACTS_EVERY_S)
        for chore, action, every_s in _chores(app, intake, lines, calls):
            stack.enter_context(Periodic(f"worker-{chore}", _once_there(schema, action), every_s=every_s))
        yield (
            consumer("sms", app.sms_stream, _told(intake.handle), intake.give_up),
            consumer("twilio", app.twilio_stream, _told(posts.handle), posts.give_up),
            consumer("calls", app.call_stream, calls.handle, together=facts),
        )


def _chores(
    app: App, intake: Intake, lines: Lines, calls: CallIntake
) -> Sequence[tuple[str, Callable[[], object], float]]:
    """What is done from time to time: its name, what it is, and every how many seconds."""
    keeper, room = recording_keeper(app), RecordingRoom(app.redis)
    line_tests = LineTests(app.settings, app.store, HealthBoard(app.redis), ProbeNotes(app.redis))
    return (
        ("parts", intake.take_incomplete, PARTS_EVERY_S),
        ("locations", intake.forget_locations, LOCATIONS_EVERY_S),
        ("failover", Failover(lines, app.store).look, FAILOVER_EVERY_S),
        ("line-tests", line_tests.look, LINE_TESTS_EVERY_S),
        ("callers", calls.compare, CALLERS_EVERY_S),
        ("recordings", keeper.link, RECORDINGS_EVERY_S),
        ("disk", lambda: room.tell(app.settings.node, keeper.guard()), DISK_EVERY_S),
        ("retention", keeper.expire, RETENTION_EVERY_S),
    )


def _told(handle: Handler) -> Handler:
    """A gateway's handler whose errors say to the consumer what becomes of the entry."""

    def take(fields: Mapping[str, str]) -> None:
        try:
            handle(fields)
        except FaultyRecordError as error:
            raise FaultyEntryError(str(error)) from error
        except EarlyReportError as error:
            raise TooEarlyError(str(error)) from error

    return take


def _once_there(schema: Schema, work: Callable[Given, Result]) -> Callable[Given, Result]:
    """``work`` that finds the database away until its tables have been made."""

    def do(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        schema.require()
        return work(*args, **kwargs)

    return do
