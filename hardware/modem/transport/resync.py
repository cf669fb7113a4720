"""Bringing host and modem back into step: free the modem from text entry, let the line fall quiet, ask AT."""

from __future__ import annotations

import time

from hardware.modem.errors import ModemSilentError
from hardware.modem.transport.link import Link

QUIET_S = 0.3
QUIET_LIMIT_S = 5.0
ATTEMPTS = 3
PATIENCE = 3


def resync(link: Link) -> None:
    """Leave `link` ready for a command. Raises ModemSilentError, PortLostError."""
    for _ in range(ATTEMPTS):
        if link.dirty:
            link.interrupt()
            link.wait_quiet(QUIET_S, QUIET_LIMIT_S)
            link.settle()
        if _answers(link):
            return
    raise ModemSilentError(f"the modem does not answer AT, {ATTEMPTS} times")


def _answers(link: Link) -> bool:
    """A second OK in the quiet after the first would be the answer to this AT, and the first an older command's.

    The slower the modem, the longer that takes to show.
    """
    asked_at = time.monotonic()
    try:
        answer = link.ask("AT")
    except ModemSilentError:
        return False
    took_s = time.monotonic() - asked_at
    quiet = link.wait_quiet(max(QUIET_S, PATIENCE * took_s), QUIET_LIMIT_S + PATIENCE * took_s)
    return answer.ok and not answer.lines and quiet and not link.dirty
