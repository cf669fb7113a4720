"""Whether a further message of the same sender is about the ticket that is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sms_gateway.classifier import Verdict
from tickets.status import OPEN
from tickets.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Earlier:
    """The sender's newest ticket, as far as it matters here."""

    category: str
    status: Status
    reported_at: datetime


def belongs_to(earlier: Earlier, verdict: Verdict, at: datetime, within: timedelta) -> bool:
    """Whether a message that was read as `verdict` and came `at` joins it.

    It does while somebody works on the ticket, within the time, unless it names another matter. A ticket that was taken
    back, refused, settled or closed is joined by nothing; ``within`` nought joins nothing at all.
    """
    if not within or earlier.status not in OPEN or at - earlier.reported_at > within:
        return False
    return not verdict.names_a_matter or verdict.category == earlier.category
