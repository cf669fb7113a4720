"""Bringing host and modem back into step: free the modem from text entry, let the line fall quiet, ask AT."""

from __future__ import annotations

from hardware.modem.at.events import Answer
from hardware.modem.errors import ModemSilentError
from hardware.modem.transport.link import Link

QUIET_S = 0.3
QUIET_LIMIT_S = 5.0
ATTEMPTS = 3


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
    try:
        answer: Answer = link.ask("AT")
    except ModemSilentError:
        return False
    # A second OK within the quiet time would be the answer to this AT, and the first one somebody else's.
    return answer.ok and link.wait_quiet(QUIET_S, QUIET_LIMIT_S) and not link.dirty
