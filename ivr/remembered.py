"""What all processes know of callers and operators beside the pool: one handle for each kind, on one Redis."""

from dataclasses import dataclass

from redis import Redis

from redis_queue.callbacks import CallbackLine
from redis_queue.last_calls import LastCalls
from redis_queue.life import SignsOfLife
from redis_queue.misuse import Misuse


@dataclass(frozen=True, slots=True)
class Remembered:
    """The call-back list, each operator's last call, who passes a challenge first, who has shown signs of life."""

    callbacks: CallbackLine
    last_calls: LastCalls
    misuse: Misuse
    signs: SignsOfLife


def remembered(redis: Redis) -> Remembered:
    """All of it in this Redis."""
    return Remembered(CallbackLine(redis), LastCalls(redis), Misuse(redis), SignsOfLife(redis))
