"""Tables of calls: what was seen of each, and what that adds up to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tickets.database.columns import ForeignName, ForeignText, UtcDateTime, coded
from tickets.model.base import Base
from tickets.vocabulary import CallFactKind, Direction, Mark, Outcome

if TYPE_CHECKING:
    from tickets.model.ticket import Ticket


class Call(Base):
    """One call: the sum of its facts. `id` is the Uniqueid of the channel of whoever called.

    `called` is whom an operator called, and then there is no `caller`; `returns` is the call in vain that it answers.
    """

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(ForeignName, primary_key=True)
    caller: Mapped[str | None] = mapped_column(ForeignName, index=True)
    called: Mapped[str | None] = mapped_column(ForeignName, index=True)
    trunk: Mapped[str | None] = mapped_column(ForeignName)
    did: Mapped[str | None] = mapped_column(ForeignName)
    node: Mapped[str | None] = mapped_column(ForeignName)
    language: Mapped[str | None] = mapped_column(ForeignName)
    category: Mapped[str | None] = mapped_column(ForeignName)
    operator: Mapped[str | None] = mapped_column(ForeignName)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(coded(Outcome))
    fallback: Mapped[bool]
    cut_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mark: Mapped[Mark | None] = mapped_column(coded(Mark))
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    returns: Mapped[str | None] = mapped_column(ForeignName)

    ticket: Mapped[Ticket | None] = relationship(back_populates="call")
    returned: Mapped[Call | None] = relationship(primaryjoin="foreign(Call.returns) == remote(Call.id)", viewonly=True)

    @property
    def direction(self) -> Direction:
        """Out where an operator called: then there is whom."""
        return Direction.IN if self.called is None else Direction.OUT

    @property
    def about(self) -> Ticket | None:
        """The ticket that the call made, or that of the call in vain that it answers."""
        if self.ticket is not None or self.returned is None:
            return self.ticket
        return self.returned.ticket


class CallFactRow(Base):
    """One fact as it came, once. The call is computed from all of them, so their order does not matter."""

    __tablename__ = "call_facts"
    __table_args__ = (UniqueConstraint("call_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[CallFactKind] = mapped_column(coded(CallFactKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fields: Mapped[str] = mapped_column(ForeignText)
