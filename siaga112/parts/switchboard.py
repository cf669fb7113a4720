"""`switchboard`: the watcher of this machine's Asterisk."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from hardware.asterisk.ami import AmiClient
from hardware.asterisk.elsewhere import Elsewhere
from hardware.asterisk.layout import Layout
from hardware.asterisk.probe_way import obstacle, probe_way
from ivr.call_records import CallRecords
from ivr.carrier import Carrier
from ivr.dead_nodes import DeadNodes
from ivr.facts import FactSender
from ivr.recording_renewal import RecordingRenewal
from ivr.remembered import remembered
from ivr.watch import Watch
from redis_queue.fail_opens import FailOpens
from redis_queue.node_calls import NodeCalls
from redis_queue.operators import OperatorProfile
from redis_queue.probes import ProbeNotes
from redis_queue.trunk_notes import TrunkNotes
from siaga112 import log
from siaga112.app import App
from siaga112.monitoring.call_probe import place_call
from siaga112.monitoring.call_watch import LOOK_EVERY_S as TEST_CALL_LOOK_EVERY_S
from siaga112.monitoring.call_watch import CallWatch
from siaga112.other_nodes import LOOK_EVERY_S as OTHER_NODES_LOOK_EVERY_S
from siaga112.other_nodes import OtherNodes
from siaga112.parts.periodic import Periodic
from siaga112.parts.vitals import Vital, Vitals
from siaga112.switchboard import Switchboard
from siaga112.trunks.board import TrunkBoard
from siaga112.trunks.strangers import Strangers
from siaga112.trunks.watch import LOOK_EVERY_S as TRUNKS_LOOK_EVERY_S
from siaga112.trunks.watch import TrunkWatch

FIRST_LOOK_LIMIT_S = 20.0
"""So long the part waits for Asterisk before it calls itself ready: without it calls go the fallback's way anyway."""

CLOCK_LIMIT_S = 60.0
"""A full look of a big city takes a second; each of its questions may wait 5 s for Asterisk."""


@contextmanager
def switchboard(app: App) -> Iterator[Vitals]:
    """Watch until left."""
    with ExitStack() as stack:
        facts = stack.enter_context(FactSender(app.call_stream))
        calls = NodeCalls(app.redis)
        fail_opens = FailOpens(app.redis)
        board = Switchboard(
            node=app.settings.node,
            calls=calls,
            dead_nodes=DeadNodes(app.settings.node, app.pool, calls, app.call_stream),
            watch=Watch(frozenset(operator.extension for operator in app.settings.operators), app.settings.site.node),
            pool=app.pool,
            carrier=Carrier(
                node=app.settings.node,
                redis=app.redis,
                pool=app.pool,
                facts=facts,
                fail_opens=fail_opens,
                wrap_up_s=app.settings.routing.wrap_up_seconds,
                country=app.settings.site.country,
            ),
            fail_opens=fail_opens,
            roster=_roster(app),
            records=_records(app),
        )
        board.start()
        stack.callback(board.stop)
        trunks = TrunkWatch(app.settings.node, TrunkBoard(app), TrunkNotes(app.redis), app.settings.trunks)
        client = stack.enter_context(AmiClient(app.ami, board, trunks, Strangers(), *_renewals(app)))
        if app.settings.site.node:
            others = OtherNodes(app.settings.node, app.pool, Elsewhere(client))
            stack.enter_context(Periodic("other-nodes", others.look, every_s=OTHER_NODES_LOOK_EVERY_S))
        if app.settings.trunks:
            stack.enter_context(Periodic("trunks", trunks.look, every_s=TRUNKS_LOOK_EVERY_S))
        _make_test_calls(app, stack)
        board.wait_looked(FIRST_LOOK_LIMIT_S)
        yield (Vital("clock", board.progress, CLOCK_LIMIT_S),)


def _renewals(app: App) -> tuple[RecordingRenewal, ...]:
    return (RecordingRenewal(),) if app.settings.recording.enabled else ()


def _make_test_calls(app: App, stack: ExitStack) -> None:
    settings = app.settings
    way = probe_way(settings, app.ami.secret)
    if way is None:
        if settings.asterisk.managed and settings.monitoring.call_minutes:
            log.get(__name__).warning("probe.no_test_calls", reason=obstacle(settings))
        return
    every = timedelta(minutes=settings.monitoring.call_minutes)
    watch = CallWatch(settings.node, every, ProbeNotes(app.redis), lambda: place_call(way, settings.site.number))
    stack.enter_context(Periodic("test-calls", watch.look, every_s=TEST_CALL_LOOK_EVERY_S))


def _roster(app: App) -> list[OperatorProfile]:
    return [
        OperatorProfile(
            extension=operator.extension,
            name=operator.name,
            languages=tuple(language.value for language in operator.languages),
            skills=operator.skills,
            supervisor=operator.supervisor,
            auto_login=operator.auto_login,
        )
        for operator in app.settings.operators
    ]


def _records(app: App) -> CallRecords | None:
    asterisk, own = app.settings.asterisk, Layout.under(app.paths.state_dir).cdr
    file = own if asterisk.managed else asterisk.cdr_file
    if file is None:
        return None
    operators = frozenset(operator.extension for operator in app.settings.operators)
    # Beside a file that is not ours we may write nothing.
    place = own.with_suffix(".read") if asterisk.managed else app.paths.state_dir / "cdr.read"
    return CallRecords(file, app.call_stream, operators, remembered(app.redis), place)
