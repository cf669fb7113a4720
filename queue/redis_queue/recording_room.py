"""How much room each machine has for recordings, told by the one who looks after them, for whoever watches."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from redis import Redis

from redis_queue.errors import translated

KEY = "siaga112:recording-room"


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes that are free on the disk, and whether recording was stopped for want of them."""

    free_bytes: int
    stopped: bool


class RecordingRoom:
    """All machines' rooms in one Redis; threads may share it. Raises `UnavailableError` without Redis."""

    def __init__(self, redis: Redis, key: str = KEY) -> None:
        self._redis = redis
        self._key = key

    def tell(self, node: str, room: Room) -> None:
        """This machine has so much."""
        with translated():
            self._redis.hset(self._key, node, json.dumps({"free": room.free_bytes, "stopped": room.stopped}))

    def rooms(self) -> Mapping[str, Room]:
        """What each machine told last."""
        with translated():
            found = cast("dict[str, str]", self._redis.hgetall(self._key))
        told = {node: json.loads(text) for node, text in found.items()}
        return {node: Room(values["free"], values["stopped"]) for node, values in told.items()}
