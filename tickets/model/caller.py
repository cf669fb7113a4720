"""Tables of callers: whom to call back, and whose calls pass a challenge first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tickets.database.columns import ForeignName, UtcDateTime, coded
from tickets.model.base import Base
from tickets.model.call import Call
from tickets.vocabulary import CallbackState


class Callback(Base):
    """A number that called in vain; one row from the first such call until somebody spoke with it. Rows are kept."""

    __tablename__ = "callbacks"
    __table_args__ = (Index(None, "state", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignName, index=True)
    state: Mapped[CallbackState] = mapped_column(coded(CallbackState))
    # Who has the earliest place is called first.
    place: Mapped[datetime] = mapped_column(UtcDateTime)
    calls: Mapped[int]
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cut: Mapped[bool]
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"))
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_by: Mapped[str | None] = mapped_column(ForeignName)

    call: Mapped[Call] = relationship()


class Diversion(Base):
    """A number whose calls pass a challenge first, from when until when, and who lifted it. Rows are kept."""

    __tablename__ = "diversions"
    __table_args__ = (Index(None, "number", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignName)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(ForeignName)
