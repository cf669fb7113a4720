"""What the outside sees of recordings."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickets.calls.recordings import Retention
from tickets.model.recording import Recording
from tickets.views import Json, rfc3339
from tickets.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """A recording as the outside sees it; `keep_until` is None while somebody holds it."""

    id: int
    call_id: str
    ticket: str | None
    path: str
    seconds: float
    bytes: int
    outcome: Outcome | None
    ended_at: datetime
    keep_until: datetime | None
    hold: bool
    hold_reason: str | None
    held_by: str | None

    def to_json(self) -> Json:
        """The fields of a recording in every listing."""
        return {
            "id": self.id,
            "call_id": self.call_id,
            "ticket": self.ticket,
            "path": self.path,
            "seconds": self.seconds,
            "bytes": self.bytes,
            "outcome": self.outcome and self.outcome.value,
            "ended_at": rfc3339(self.ended_at),
            "keep_until": self.keep_until and rfc3339(self.keep_until),
            "hold": self.hold,
            "hold_reason": self.hold_reason,
            "held_by": self.held_by,
        }


def view_recording(row: Recording, retention: Retention, folder: str, timezone: ZoneInfo) -> RecordingView:
    """A recording as seen from the city, below this folder; within the session that loaded it."""
    keep_until = retention.keep_until(row)
    return RecordingView(
        id=row.id,
        call_id=row.call_id,
        ticket=row.call.about.number if row.call.about else None,
        path=f"{folder}/{row.path}",
        seconds=round(row.seconds, 2),
        bytes=row.bytes,
        outcome=row.call.outcome,
        ended_at=row.ended_at.astimezone(timezone),
        keep_until=keep_until and keep_until.astimezone(timezone),
        hold=row.held_at is not None,
        hold_reason=row.hold_reason,
        held_by=row.held_by,
    )
