"""What a person's mark says of a call and of its ticket, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickets.vocabulary import Mark, Outcome, Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of the call (None: as it is without the mark) and the status of its ticket."""

    outcome: Outcome | None
    status: Status


VERDICTS: Mapping[Mark, Verdict] = {
    Mark.PRANK: Verdict(Outcome.PRANK, Status.REJECTED),
    Mark.GHOST: Verdict(Outcome.GHOST, Status.REJECTED),
    # Somebody needs help, but not from this city: what became of the call is told by the call itself.
    Mark.WRONG_REGION: Verdict(None, Status.REJECTED),
    Mark.DUPLICATE: Verdict(None, Status.DUPLICATE),
}
