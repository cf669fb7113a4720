"""The table of places that callers' phones sent by themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tickets.database.columns import ForeignName, UtcDateTime
from tickets.model.base import Base


class CallerLocation(Base):
    """Where a phone said that it was. Kept until its call is known, and while its call may bring a better one."""

    __tablename__ = "caller_locations"
    __table_args__ = (Index(None, "number", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignName)
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius: Mapped[float | None]
    method: Mapped[str] = mapped_column(ForeignName)
    confidence: Mapped[int | None]
    positioned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # By this centre's clock now, not by when it was received: after an outage both may be far apart.
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    matched: Mapped[bool]
