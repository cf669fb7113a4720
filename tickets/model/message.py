"""Tables of messages: messages, parts of long ones that wait for the rest, SMS-SUBMITs that wait for their report."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tickets.database.columns import ForeignName, ForeignText, UtcDateTime, coded
from tickets.model.base import Base
from tickets.vocabulary import Channel, Direction, MessageState

if TYPE_CHECKING:
    from tickets.model.ticket import Ticket


class Message(Base):
    """A message, in or out, with what became of it."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "modem", "state", "priority", "created_at"),
        Index(None, "sender", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Unique: a message that modem, network or stream deliver twice is one row.
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    direction: Mapped[Direction] = mapped_column(coded(Direction))
    channel: Mapped[Channel] = mapped_column(coded(Channel))
    modem: Mapped[str | None] = mapped_column(ForeignName)
    sender: Mapped[str | None] = mapped_column(ForeignName)
    recipient: Mapped[str | None] = mapped_column(ForeignName)
    text: Mapped[str | None] = mapped_column(ForeignText)
    state: Mapped[MessageState] = mapped_column(coded(MessageState), index=True)
    error: Mapped[str | None] = mapped_column(ForeignText)
    pdu: Mapped[str | None] = mapped_column(ForeignText)
    reason: Mapped[str | None] = mapped_column(ForeignText)
    priority: Mapped[int]
    attempts: Mapped[int]
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    in_reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)

    ticket: Mapped[Ticket | None] = relationship(back_populates="messages")
    submits: Mapped[list[MessageSubmit]] = relationship(
        order_by="MessageSubmit.id", cascade="all, delete-orphan", back_populates="message"
    )


class MessageSubmit(Base):
    """One SMS-SUBMIT of an outgoing message, and the status report that it drew."""

    __tablename__ = "message_submits"
    __table_args__ = (
        CheckConstraint("reference BETWEEN 0 AND 255", name="reference"),
        Index(None, "modem", "reference", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    modem: Mapped[str] = mapped_column(ForeignName)
    reference: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # TP-ST, 3GPP TS 23.040 9.2.3.15; null until a report came.
    status: Mapped[int | None]
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    message: Mapped[Message] = relationship(back_populates="submits")


class MessagePart(Base):
    """One part of a concatenated message (3GPP TS 23.040 9.2.3.24.1), kept until the others are here, and after."""

    __tablename__ = "message_parts"
    __table_args__ = (Index(None, "group_key", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    group_key: Mapped[str] = mapped_column(String(64))
    sim: Mapped[str] = mapped_column(ForeignName)
    originator: Mapped[str] = mapped_column(ForeignName)
    reference: Mapped[int]
    reference_bits: Mapped[int]
    total: Mapped[int]
    seq: Mapped[int]
    pdu: Mapped[str] = mapped_column(ForeignText)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the part went into a message, whole or incomplete; null while it waits.
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
