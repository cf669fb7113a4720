"""Tables of recordings: where each is and who holds it, and who did what with the sound of a call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tickets.database.columns import ForeignName, ForeignText, UtcDateTime, coded
from tickets.model.base import Base
from tickets.model.call import Call
from tickets.vocabulary import SoundAction


class Recording(Base):
    """The sound of a call. `path` is below the folder of recordings of the machine that the call was on."""

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), unique=True)
    path: Mapped[str] = mapped_column(ForeignText)
    seconds: Mapped[float]
    bytes: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_by: Mapped[str | None] = mapped_column(ForeignName)
    hold_reason: Mapped[str | None] = mapped_column(ForeignText)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()


class SoundEvent(Base):
    """Who did what with the sound of a call, live or recorded. Rows are only ever added."""

    __tablename__ = "sound_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(ForeignName)
    action: Mapped[SoundAction] = mapped_column(coded(SoundAction))
    detail: Mapped[str] = mapped_column(ForeignText)
