"""Whether a line comes and goes: each time it may look well, and nobody should rely on it."""

from collections import deque
from datetime import datetime, timedelta

CHANGES = 6
WITHIN = timedelta(minutes=10)
"""Three times gone and back within ten minutes."""


class Flapping:
    """Remembers when one line changed between working and not working."""

    def __init__(self) -> None:
        self._worked: bool | None = None
        self._changes: deque[datetime] = deque(maxlen=CHANGES)

    def see(self, works: bool, at: datetime) -> None:
        """Take how it is now."""
        if self._worked is not None and works is not self._worked:
            self._changes.append(at)
        self._worked = works

    def is_on(self, at: datetime) -> bool:
        """Whether it came and went that often lately."""
        return len(self._changes) == CHANGES and at - self._changes[0] < WITHIN
