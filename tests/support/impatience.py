"""A driver that waits less for answers than in service: what it does when none comes is the same."""

from __future__ import annotations

import pytest

from hardware.modem import loading, message_store, sim_lock
from hardware.modem.transport import link, resync
from hardware.modem.transport.deadlines import Deadline, deadline_of, listing_deadline

SHARE = 0.15
PAUSES = (
    (link, "BARE_S"),
    (link, "NUMERIC_S"),
    (resync, "QUIET_S"),
    (resync, "CHATTER_LIMIT_S"),
    (loading, "POLL_S"),
    (sim_lock, "_POLL_S"),
)


def _less(deadline: Deadline) -> Deadline:
    return Deadline(SHARE * deadline.total_s, SHARE * deadline.silence_s)


def make_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the deadlines of all commands and the pauses; each stays many times what a simulated modem takes."""
    for module, name in PAUSES:
        monkeypatch.setattr(module, name, 2 * SHARE * getattr(module, name))
    monkeypatch.setattr(link, "deadline_of", lambda command: _less(deadline_of(command)))
    monkeypatch.setattr(
        message_store, "listing_deadline", lambda count, baudrate: _less(listing_deadline(count, baudrate))
    )
