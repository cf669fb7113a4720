"""What a waiting caller is told, and when: all are busy; stay on the line, your place in it, the expected wait."""

from collections.abc import Iterator

from ivr.prompts import catalogue
from redis_queue.operators import Waiting

STAY_EVERY_SECONDS = 20.0
SHORTEST_MUSIC_SECONDS = 2.0


class Announcing:
    """The announcements of one wait that `began` at that time; `next_at` is when the next one is due."""

    def __init__(self, began: float, stay_seconds: float) -> None:
        self.next_at = began
        self._stay_at = began + stay_seconds
        self._told_busy = False

    def due(self, now: float, seat: Waiting) -> list[tuple[str, bool]]:
        """The prompts that are due now, and whether each must be there; nothing before the next announcement's time."""
        if now < self.next_at:
            return []
        first, self._told_busy = not self._told_busy, True
        following = self._stay_at if first else self.next_at + STAY_EVERY_SECONDS
        self.next_at = max(following, now + SHORTEST_MUSIC_SECONDS)
        return (
            [(catalogue.BUSY, True)]
            if first
            else [(catalogue.STAY, True), *((name, False) for name in _standing(seat))]
        )


def _standing(seat: Waiting) -> Iterator[str]:
    """Where the caller stands and for how long, as far as there are words for it."""
    if seat.position <= catalogue.LAST_POSITION:
        yield catalogue.position_prompt(seat.position)
    if seat.expected_s is not None:
        longer = [minutes for minutes in catalogue.WAIT_MINUTES if minutes * 60 >= seat.expected_s]
        if longer:
            yield catalogue.wait_prompt(longer[0])
