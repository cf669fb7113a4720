"""How each modem is, kept in Redis for whoever asks: the modem part alone can ask the modems."""

import json
from dataclasses import dataclass

from redis import Redis

from hardware.modem.health import ModemHealth, ModemState
from redis_queue.errors import translated

KEY = "siaga112:modem:"
KEPT_S = 180
"""A modem that nobody has looked at for so long has no known state."""


@dataclass(frozen=True, slots=True)
class ModemView:
    """A modem as listings show it."""

    name: str
    state: str
    reason: str
    signal_dbm: int | None = None
    operator: str | None = None
    imsi: str | None = None
    stored: int | None = None
    capacity: int | None = None

    @property
    def works(self) -> bool:
        """Whether messages can pass."""
        return self.state == ModemState.UP


class HealthBoard:
    """Writes and reads the modems' states."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def show(self, health: ModemHealth) -> None:
        """Keep what one look found; raises `UnavailableError` when Redis is away."""
        row = {
            "name": health.name,
            "state": health.state.value,
            "reason": health.reason,
            "signal_dbm": health.signal_dbm,
            "operator": health.operator,
            "imsi": health.imsi,
            "stored": health.stored,
            "capacity": health.capacity,
        }
        with translated():
            self._redis.set(KEY + health.name, json.dumps(row), ex=KEPT_S)

    def read(self, name: str, part: str = "modems serve") -> ModemView:
        """What is known of a line now, which `part` looks after; raises `UnavailableError` when Redis is away."""
        with translated():
            found = self._redis.get(KEY + name)
        if found is None:
            return ModemView(name, "down", f"nobody looks after it: does `siaga112 {part}` run?")
        return ModemView(**json.loads(str(found)))
