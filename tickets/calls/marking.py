"""A ticket that a person marked: its status, and the lines of its history."""

from datetime import datetime

from sqlalchemy.orm import Session

from tickets.calls.verdicts import VERDICTS
from tickets.errors import IllegalStatusChangeError
from tickets.model.ticket import Ticket
from tickets.status import TRANSITIONS
from tickets.status import VERDICTS as TAKEN_BACK
from tickets.ticketing import change_status, record_event
from tickets.vocabulary import Mark, Status, TicketAction


def apply_mark(session: Session, ticket: Ticket, mark: Mark, *, actor: str, at: datetime, detail: str = "") -> None:
    """Write the mark into the ticket's history, and move the ticket where its status table lets it go.

    A verdict that was given before is taken back first. What was worked on for long keeps its status: the history says
    that it was marked.
    """
    said = f"{mark} {detail}".strip()
    record_event(ticket, TicketAction.MARKED, actor=actor, at=at, detail=said)
    for status in way_to(ticket.status, mark) or ():
        change_status(session, ticket, status, actor=actor, at=at, note=said)


def require_markable(ticket: Ticket, mark: Mark) -> None:
    """Raise `IllegalStatusChangeError` when the ticket cannot get the status that the mark stands for."""
    if way_to(ticket.status, mark) is None:
        raise IllegalStatusChangeError(
            f"ticket {ticket.number} is {ticket.status}: it cannot become {VERDICTS[mark].status} any more"
        )


def way_to(current: Status, mark: Mark) -> tuple[Status, ...] | None:
    """The statuses on the way to that of `mark`; nothing when it is there, None when there is no way."""
    wanted = VERDICTS[mark].status
    if current is wanted:
        return ()
    if wanted in TRANSITIONS[current]:
        return (wanted,)
    return (Status.VERIFIED, wanted) if current in TAKEN_BACK else None
