"""How fast a SIM may send: operators block a card that sends like a machine."""

from collections import deque

WINDOW_S = 60.0


class Pace:
    """At most ``per_minute`` sends in any minute; times are monotonic seconds, given by the caller."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._sent: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Whether one more may go out now."""
        while self._sent and now - self._sent[0] >= WINDOW_S:
            self._sent.popleft()
        return len(self._sent) < self._per_minute

    def note(self, now: float) -> None:
        """One has gone out."""
        self._sent.append(now)
