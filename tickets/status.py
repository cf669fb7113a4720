"""All of a ticket's life, as one table: from which status to which.

The straight way is new → verified → dispatched → handling → done → closed. A report may be handed to an agency before
anybody verified it, because an emergency does not wait for paper work; it may be done right after it was verified,
because some reports are settled on the phone. An agency may give a ticket back (dispatched → verified), and work may
turn out unfinished (done → handling). `rejected`, `duplicate` and `cancelled` are verdicts of people, and people err:
each can be taken back to verified. Only `closed` is final.
"""

from collections.abc import Mapping

from tickets.errors import IllegalStatusChangeError
from tickets.vocabulary import Status

OPEN = frozenset({Status.NEW, Status.VERIFIED, Status.DISPATCHED, Status.HANDLING})
VERDICTS = frozenset({Status.REJECTED, Status.DUPLICATE, Status.CANCELLED})

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.VERIFIED, Status.DISPATCHED}) | VERDICTS,
    Status.VERIFIED: frozenset({Status.DISPATCHED, Status.DONE}) | VERDICTS,
    Status.DISPATCHED: frozenset({Status.VERIFIED, Status.HANDLING, Status.DONE}) | VERDICTS,
    Status.HANDLING: frozenset({Status.DISPATCHED, Status.DONE, Status.DUPLICATE, Status.CANCELLED}),
    Status.DONE: frozenset({Status.HANDLING, Status.CLOSED}),
    Status.CLOSED: frozenset(),
    Status.REJECTED: frozenset({Status.VERIFIED}),
    Status.DUPLICATE: frozenset({Status.VERIFIED}),
    Status.CANCELLED: frozenset({Status.VERIFIED}),
}


def require_allowed(current: Status, wanted: Status) -> None:
    """Raise `IllegalStatusChangeError`, with what would be allowed, unless the table lets a ticket go there."""
    allowed = TRANSITIONS[current]
    if wanted not in allowed:
        choices = ", ".join(sorted(allowed)) or "nothing: it is final"
        raise IllegalStatusChangeError(
            f"a ticket that is {current} cannot become {wanted}; allowed from here: {choices}"
        )
