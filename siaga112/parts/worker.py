"""`worker`: the one part that writes tickets and calls, from what the streams hold."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from redis_queue.reader import StreamReader
from redis_queue.streams import Stream
from siaga112 import log, phone
from siaga112.app import App
from siaga112.parts.consuming import Consumer, FaultyEntryError, GiveUp, Handler, TooEarlyError
from siaga112.parts.periodic import Periodic
from sms_gateway.errors import EarlyReportError, FaultyRecordError
from sms_gateway.failover import Failover
from sms_gateway.health_board import HealthBoard
from sms_gateway.intake import Intake
from sms_gateway.lines import Lines
from sms_gateway.twilio.intake import TwilioIntake
from tickets.calls import record_fact
from tickets.errors import BadCallFactError, StoreUnavailableError
from tickets.facts import CallFact

PARTS_EVERY_S = 5.0
"""How often long messages are looked through for those that wait in vain."""

LOCATIONS_EVERY_S = 60.0
"""How often callers' places are looked through for those that are of no use any more."""

FAILOVER_EVERY_S = 10.0
"""How often messages are looked for that their line cannot send."""


@contextmanager
def worker(app: App) -> Iterator[None]:
    """Consume the streams until left."""
    intake = Intake(app.settings, app.site, app.catalogue, app.store)
    lines = Lines(app.settings, HealthBoard(app.redis))
    posts = TwilioIntake(app.settings, app.site, app.catalogue, app.store, lines)

    def take_fact(fields: Mapping[str, str]) -> None:
        try:
            fact = CallFact.from_fields(fields)
        except BadCallFactError as error:
            raise FaultyEntryError(str(error)) from error
        # Scripts, watcher and CDR file each saw the number as it came to them; here it gets its one spelling.
        caller = phone.caller_from(fact.caller or "")
        fact = replace(fact, caller=caller and phone.normalise(caller, app.settings.site.country))
        with app.store.transaction() as session:
            record_fact(session, fact, app.call_context)

    with ExitStack() as stack:
        stack.callback(app.store.close)
        _upgrade(app)
        stack.enter_context(Periodic("worker-parts", intake.take_incomplete, every_s=PARTS_EVERY_S))
        stack.enter_context(Periodic("worker-locations", intake.forget_locations, every_s=LOCATIONS_EVERY_S))
        stack.enter_context(Periodic("worker-failover", Failover(lines, app.store).look, every_s=FAILOVER_EVERY_S))
        stack.enter_context(_consumer(app, "sms", app.sms_stream, _told(intake.handle), intake.give_up))
        stack.enter_context(_consumer(app, "twilio", app.twilio_stream, _told(posts.handle), posts.give_up))
        stack.enter_context(_consumer(app, "calls", app.call_stream, take_fact))
        yield


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


def _upgrade(app: App) -> None:
    """Where the worker runs alone nobody else has made the tables, and every message would fail for want of them."""
    try:
        app.store.upgrade()
    except StoreUnavailableError as error:
        log.get(__name__).warning("schema_not_checked", reason=str(error))


def _consumer(app: App, name: str, stream: Stream, handler: Handler, give_up: GiveUp | None = None) -> Consumer:
    # Reads block, so they have a connection of their own; the same name after a restart gets back what it had in hand.
    reading = Stream(app.reading_redis, stream.name)
    reader = StreamReader(reading, f"{app.settings.node}-{os.environ.get('SIAGA112_WORKER', '1')}")
    return Consumer(f"worker-{name}", reader, stream, handler, give_up=give_up)
