"""Tables of tickets: the ticket, its agencies, its history, the counters of its numbers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tickets.database.columns import ForeignName, ForeignText, UtcDateTime, coded
from tickets.model.base import Base
from tickets.vocabulary import Channel, Kind, Status, TicketAction

if TYPE_CHECKING:
    from tickets.model.call import Call
    from tickets.model.message import Message


class Ticket(Base):
    """One report of one citizen."""

    __tablename__ = "tickets"
    __table_args__ = (CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    channel: Mapped[Channel] = mapped_column(coded(Channel))
    kind: Mapped[Kind] = mapped_column(coded(Kind))
    category: Mapped[str] = mapped_column(String(60), index=True)
    priority: Mapped[int]
    status: Mapped[Status] = mapped_column(coded(Status), index=True)
    reporter: Mapped[str | None] = mapped_column(ForeignName)
    text: Mapped[str] = mapped_column(ForeignText)
    place: Mapped[str | None] = mapped_column(ForeignText)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    radius: Mapped[float | None]
    language: Mapped[str | None] = mapped_column(ForeignName)
    # Unique: a call has one ticket, however many processes report it.
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agencies: Mapped[list[TicketAgency]] = relationship(
        order_by="TicketAgency.position", cascade="all, delete-orphan", lazy="selectin"
    )
    events: Mapped[list[TicketEvent]] = relationship(order_by="TicketEvent.id", back_populates="ticket")
    messages: Mapped[list[Message]] = relationship(
        order_by="Message.id", foreign_keys="Message.ticket_id", back_populates="ticket"
    )
    call: Mapped[Call | None] = relationship(back_populates="ticket")

    def assign(self, codes: tuple[str, ...]) -> None:
        """Make these agencies, in this order, the ticket's own."""
        self.agencies = [TicketAgency(position=position, code=code) for position, code in enumerate(codes)]

    def agency_codes(self) -> tuple[str, ...]:
        """Codes of the agencies that this ticket concerns, the first in charge first."""
        return tuple(agency.code for agency in self.agencies)


class TicketAgency(Base):
    """An agency that a ticket concerns."""

    __tablename__ = "ticket_agencies"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(60), index=True)


class TicketEvent(Base):
    """Who did what to a ticket, and when. Rows are only ever added."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(ForeignName)
    action: Mapped[TicketAction] = mapped_column(coded(TicketAction))
    detail: Mapped[str] = mapped_column(ForeignText)

    ticket: Mapped[Ticket] = relationship(back_populates="events")


class TicketCounter(Base):
    """The last ticket number that a site gave out in a year."""

    __tablename__ = "ticket_counters"

    site: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
