"""Whether the installation takes calls and messages, part by part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from console.services import Services
from redis_queue.backlog import backlog
from redis_queue.errors import QueueError, translated
from redis_queue.pool import OperatorPool
from redis_queue.probes import ProbeNotes
from redis_queue.streams import Stream
from sms_gateway import twilio
from sms_gateway.health_board import HealthBoard
from tickets.database.store import Store
from tickets.errors import StoreUnavailableError

LAG_LIMIT_S = 120.0
"""An entry that waits for longer means that no worker handles it; a report that came too early may lie for a minute."""


@dataclass(frozen=True, slots=True)
class PartState:
    """One part; `problem` is "" when it is `ok`. Without a `vital` one the installation is not ready."""

    name: str
    ok: bool
    problem: str = ""
    vital: bool = True


def look(services: Services) -> list[PartState]:
    """Every part's state now; a part that is away is not ok."""
    states = [
        _ask("database", partial(_database, services.store)),
        _ask("redis", partial(_redis, services.twilio_stream)),
    ]
    states += [_ask(f"stream {name}", partial(_lag, stream)) for name, stream in services.streams.items()]
    if services.pool is not None:
        states.append(_ask("switchboard", partial(_watcher, services.pool)))
        states.append(_ask("operators", partial(_humans, services)))
    return [*states, *_probes(services), *_lines(services)]


def is_ready(states: Sequence[PartState]) -> bool:
    """All that is vital works, and one modem at least where there are any."""
    modems = [state.ok for state in states if state.name.startswith("modem ")]
    return all(state.ok for state in states if state.vital) and (any(modems) or not modems)


def _ask(name: str, question: Callable[[], str], *, vital: bool = True) -> PartState:
    try:
        problem = question()
    except (StoreUnavailableError, QueueError) as error:
        problem = str(error)
    return PartState(name, not problem, problem, vital)


def _lines(services: Services) -> Iterator[PartState]:
    for name in services.modems:
        yield _ask(f"modem {name}", partial(_line, services.board, name), vital=False)
    if services.twilio is not None:
        yield _ask("twilio", partial(_line, services.board, twilio.LINE, "web"), vital=False)


def _probes(services: Services) -> Iterator[PartState]:
    for name, every in services.probes.items():
        # Messages may be late, and calls come all the same; a call that the scripts do not get concerns all of them.
        yield _ask(f"test {name}", partial(_probe, services.probe_notes, name, every), vital=name.startswith("call "))


def _database(store: Store) -> str:
    store.check()
    return ""


def _redis(stream: Stream) -> str:
    with translated():
        stream.redis.ping()
    return ""


def _lag(stream: Stream) -> str:
    found = backlog(stream)
    if found.oldest_s <= LAG_LIMIT_S:
        return ""
    return f"{found.length} entries wait, the oldest for {found.oldest_s:.0f} s: does `siaga112 worker` run?"


def _watcher(pool: OperatorPool) -> str:
    return "" if pool.watcher_alive() else "nobody watches Asterisk: do `siaga112 switchboard` and Asterisk run?"


def _humans(services: Services) -> str:
    if services.reaches_a_human:
        return ""
    return "no call can reach anybody: no operator has a secret or contact, and there is no outside number"


def _probe(notes: ProbeNotes, name: str, every: timedelta) -> str:
    note = notes.read(name)
    return note.trouble(every, datetime.now(UTC)) if note else ""


def _line(board: HealthBoard, name: str, part: str = "modems serve") -> str:
    view = board.read(name, part)
    return "" if view.works else f"{view.state}: {view.reason}"
