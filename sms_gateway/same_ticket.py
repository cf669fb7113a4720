"""Whether a further message of the same sender is about a ticket that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sms_gateway.classifier import Verdict
from tickets.status import OPEN
from tickets.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Earlier:
    """A ticket of the sender's, as far as it matters here."""

    number: str
    category: str
    status: Status
    reported_at: datetime
    talked_at: datetime | None = None
    """When the last word was, from either side, once an operator has written to the sender."""


def ticket_of(verdict: Verdict, earlier: Sequence[Earlier], at: datetime, within: timedelta) -> Earlier | None:
    """The ticket that a message joins which was read as `verdict` and came `at`; ``earlier`` has the newest first.

    Who converses with an operator answers, whatever the words tell of: it joins that ticket, counted from the last
    word. Otherwise it joins the newest of the same category; one that names no matter by itself joins the newest of
    all. Only tickets that somebody works on count, and only `within` that time; nought joins nothing at all. A ticket
    that was taken back, refused, settled or closed is joined by nothing.
    """
    if not within:
        return None
    talking = [each for each in earlier if each.talked_at and each.status in OPEN and at - each.talked_at <= within]
    if talking:
        return max(talking, key=_last_word)
    near = [each for each in earlier if each.status in OPEN and at - each.reported_at <= within]
    same = [each for each in near if each.category == verdict.category]
    if verdict.names_a_matter:
        return next(iter(same), None)
    return next(iter(near), None)


def _last_word(ticket: Earlier) -> datetime:
    return ticket.talked_at or ticket.reported_at
