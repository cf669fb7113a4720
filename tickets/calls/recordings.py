"""Recordings: linked to their calls, kept as long as the outcome asks, held back from deletion by a person.

Whoever listens, live or later, is written down for ever, as is whoever holds, releases or deletes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tickets.database.inserting import insert_once
from tickets.errors import UnknownRecordingError
from tickets.model.call import Call
from tickets.model.recording import Recording, SoundEvent
from tickets.vocabulary import Outcome, SoundAction

KEEPER = "retention"
HEARD_LIVE: Mapping[str, SoundAction] = {
    how.value: how for how in (SoundAction.LISTEN, SoundAction.WHISPER, SoundAction.BARGE)
}


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a recording is kept after its call, where nobody holds it; less for pranks."""

    usual: timedelta
    prank: timedelta

    def keep_until(self, recording: Recording) -> datetime | None:
        """When it may be deleted, by what is known of the call now; None while somebody holds it."""
        if recording.held_at is not None:
            return None
        return recording.ended_at + (self.prank if recording.call.outcome is Outcome.PRANK else self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecording:
    """A file that holds a call's sound; `path` is below the folder of recordings."""

    call_id: str
    path: str
    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class KnownCall:
    """What a recording should hold: whether the call is over, and for how long somebody talked (None: nobody did)."""

    ended: bool
    talked: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """What a listing shows; `held`: only those that somebody holds."""

    held: bool = False
    limit: int = 100


def link_recording(session: Session, found: FoundRecording) -> bool:
    """Write down whose sound it is; False when that is known, or the call is not known or not over yet."""
    ended_at = session.scalars(select(Call.ended_at).where(Call.id == found.call_id)).one_or_none()
    if ended_at is None:
        return False
    values = {
        "call_id": found.call_id,
        "path": found.path,
        "seconds": found.seconds,
        "bytes": found.bytes,
        "ended_at": ended_at,
    }
    return insert_once(session, Recording, (Recording.call_id,), values)


def known_call(session: Session, call_id: str) -> KnownCall | None:
    """The call that a recording is of, as far as it is written down; None when it is not at all."""
    call = session.get(Call, call_id)
    if call is None:
        return None
    talked = call.ended_at - call.answered_at if call.ended_at and call.answered_at else None
    return KnownCall(call.ended_at is not None, talked)


def find_recording(session: Session, recording_id: int) -> Recording:
    """The recording with this id, locked for whoever changes it; raises `UnknownRecordingError`."""
    found = see_recording(session, recording_id)
    # What another process did meanwhile decides.
    session.refresh(found, with_for_update=True)
    return see_recording(session, recording_id)


def see_recording(session: Session, recording_id: int) -> Recording:
    """The same for whoever only looks."""
    query = select(Recording).where(Recording.id == recording_id, Recording.deleted_at.is_(None))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownRecordingError(f"there is no recording with the id {recording_id}")
    return found


def hold(session: Session, recording: Recording, *, reason: str, actor: str, at: datetime) -> None:
    """Keep it until somebody releases it, whatever the settings say; a second reason takes the place of the first."""
    recording.held_at, recording.held_by, recording.hold_reason = at, actor, reason
    record_sound(session, recording.call_id, SoundAction.HOLD, actor=actor, at=at, detail=reason)


def release(session: Session, recording: Recording, *, actor: str, at: datetime) -> bool:
    """Hold it no more; False when nobody held it."""
    if recording.held_at is None:
        return False
    recording.held_at = recording.held_by = recording.hold_reason = None
    record_sound(session, recording.call_id, SoundAction.RELEASE, actor=actor, at=at)
    return True


def record_sound(
    session: Session, call_id: str, action: SoundAction, *, actor: str, at: datetime, detail: str = ""
) -> None:
    """Write down who did what with the sound of a call."""
    session.add(SoundEvent(call_id=call_id, at=at, actor=actor, action=action, detail=detail))
    session.flush()


def sound_history(session: Session, call_id: str) -> Sequence[SoundEvent]:
    """Who did what with the sound of a call, in order."""
    return session.scalars(select(SoundEvent).where(SoundEvent.call_id == call_id).order_by(SoundEvent.id)).all()


def list_recordings(session: Session, wanted: RecordingFilter) -> Sequence[Recording]:
    """Recordings that are there, newest first, with what their views need."""
    query = select(Recording).options(selectinload(Recording.call).selectinload(Call.ticket))
    query = query.where(Recording.deleted_at.is_(None))
    if wanted.held:
        query = query.where(Recording.held_at.is_not(None))
    return session.scalars(query.order_by(Recording.ended_at.desc(), Recording.id.desc()).limit(wanted.limit)).all()


def overdue(session: Session, retention: Retention, now: datetime) -> Sequence[int]:
    """Ids of recordings that are over and that nobody holds, the oldest first."""
    query = (
        select(Recording)
        .options(selectinload(Recording.call))
        .where(
            Recording.deleted_at.is_(None),
            Recording.held_at.is_(None),
            Recording.ended_at < now - min(retention.usual, retention.prank),
        )
    )
    rows = session.scalars(query.order_by(Recording.ended_at))
    return [row.id for row in rows if (until := retention.keep_until(row)) is not None and until < now]


def mark_deleted(session: Session, recording: Recording, *, at: datetime) -> None:
    """Its file is gone."""
    recording.deleted_at = at
    record_sound(session, recording.call_id, SoundAction.DELETE, actor=KEEPER, at=at)


def known_paths(session: Session, folder: str) -> frozenset[str]:
    """Paths of the recordings below a folder that are linked, those that are deleted too."""
    prefix = f"{folder}/"
    rows = session.scalars(select(Recording.path).where(Recording.path.startswith(prefix, autoescape=True)))
    return frozenset(rows)
