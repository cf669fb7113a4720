"""What tickets know of the city they belong to."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Site:
    """A city's code (prefix of its ticket numbers) and its time zone."""

    code: str
    timezone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        """`at` on the city's own clock."""
        return at.astimezone(self.timezone)
