"""How each modem is, kept in Redis for whoever asks: the modem part alone can ask the modems."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from hardware.modem.memories import MemoryUse
from redis_queue.errors import translated

KEY = "siaga112:modem:"
HEARD_KEY = "siaga112:modem-heard:"
SERVED_KEY = "siaga112:modem-served:"
KEPT_S = 180
"""A modem that nobody has looked at for so long has no known state."""

SERVED_S = 10
"""Whoever looks after a line says so again within this time; of one that was killed, what it found counts no more."""

SAY_EVERY_S = 2.0
"""So often it says so."""


@dataclass(frozen=True, slots=True)
class ModemView:
    """A modem as listings show it."""

    name: str
    state: str
    reason: str
    signal_dbm: int | None = None
    operator: str | None = None
    imsi: str | None = None
    number: str | None = None
    stored: int | None = None
    capacity: int | None = None
    memories: Sequence[MemoryUse] = ()
    alarms: Sequence[str] = ()
    credit: str | None = None
    credit_rupiah: int | None = None
    credit_at: str | None = None
    last_message_at: str | None = None

    @property
    def alarm_kinds(self) -> tuple[str, ...]:
        """The names of the alarms that are on."""
        return tuple(alarm.partition(":")[0] for alarm in self.alarms)

    @property
    def works(self) -> bool:
        """Whether messages can pass."""
        return self.state == ModemState.UP


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of a modem besides one look at it."""

    alarms: Sequence[str] = ()
    credit: str | None = None
    credit_rupiah: int | None = None
    credit_at: datetime | None = None
    last_message_at: datetime | None = None


class HealthBoard:
    """Writes and reads the modems' states."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def show(self, health: ModemHealth, notes: Notes = Notes()) -> None:
        """Keep what one look found; raises `UnavailableError` when Redis is away."""
        row = {
            "name": health.name,
            "state": health.state.value,
            "reason": health.reason,
            "signal_dbm": health.signal_dbm,
            "operator": health.operator,
            "imsi": health.imsi,
            "number": health.number,
            "stored": health.stored,
            "capacity": health.capacity,
            "memories": [asdict(memory) for memory in health.memories],
            "alarms": list(notes.alarms),
            "credit": notes.credit,
            "credit_rupiah": notes.credit_rupiah,
            "credit_at": _written(notes.credit_at),
            "last_message_at": _written(notes.last_message_at),
        }
        with translated(), self._redis.pipeline(transaction=False) as pipeline:
            pipeline.set(KEY + health.name, json.dumps(row), ex=KEPT_S)
            pipeline.set(SERVED_KEY + health.name, 1, ex=SERVED_S)
            pipeline.execute()

    def serve(self, names: Sequence[str]) -> None:
        """Say that these lines are looked after, for `SERVED_S`; raises `UnavailableError` when Redis is away."""
        with translated(), self._redis.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.set(SERVED_KEY + name, 1, ex=SERVED_S)
            pipeline.execute()

    def leave(self, names: Sequence[str]) -> None:
        """Say that nobody looks after these lines any more; raises `UnavailableError` when Redis is away."""
        with translated():
            self._redis.delete(*(SERVED_KEY + name for name in names))

    def read(self, name: str, part: str = "modems serve") -> ModemView:
        """What is known of a line now, which `part` looks after; raises `UnavailableError` when Redis is away."""
        with translated():
            found, served = self._redis.mget(KEY + name, SERVED_KEY + name)
        if found is None or served is None:
            return ModemView(name, "down", f"nobody looks after it: does `siaga112 {part}` run?")
        row = json.loads(str(found))
        return ModemView(**row | {"memories": [MemoryUse(**memory) for memory in row.get("memories", ())]})

    def keep_heard(self, name: str, at: datetime) -> None:
        """Keep when a message came last, for longer than any process lives; raises `UnavailableError`."""
        with translated():
            self._redis.set(HEARD_KEY + name, at.isoformat())

    def last_heard(self, name: str) -> datetime | None:
        """When a message came last; None when none ever did. Raises `UnavailableError`."""
        with translated():
            found = self._redis.get(HEARD_KEY + name)
        return datetime.fromisoformat(str(found)) if found else None


def _written(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
