"""Bringing host and modem back into step: free the modem from text entry, let the line fall quiet, ask AT.

A modem whose stored profile has ATQ1 or ATV0 answers nothing, or a digit (V.250 6.2.5, 6.2.6; seen in
https://github.com/thess/callattendant/issues/91): after the first attempt it is told to answer in words.
"""

from __future__ import annotations

import time

from hardware.modem.errors import ModemSilentError
from hardware.modem.transport.link import Link

QUIET_S = 0.3
QUIET_LIMIT_S = 5.0
CHATTER_LIMIT_S = 1.0
ATTEMPTS = ("AT", "ATQ0V1", "ATQ0V1")
PATIENCE = 3


def resync(link: Link) -> None:
    """Leave `link` ready for a command. Raises ModemSilentError, PortLostError."""
    for attempt in ATTEMPTS:
        if link.dirty:
            link.interrupt()
            link.wait_quiet(QUIET_S, QUIET_LIMIT_S)
            link.settle()
        if _answers(link, attempt):
            return
    raise ModemSilentError(f"the modem does not answer AT, {len(ATTEMPTS)} times")


def _answers(link: Link, command: str) -> bool:
    """A second OK in the quiet after the first would be the answer to this AT, and the first an older command's.

    The slower the modem, the longer that takes to show. A modem that chatters is never quiet: what it says then is no
    final result, or the link would be dirty by now.
    """
    asked_at = time.monotonic()
    try:
        answer = link.ask(command)
    except ModemSilentError:
        return False
    took_s = time.monotonic() - asked_at
    link.wait_quiet(max(QUIET_S, PATIENCE * took_s), CHATTER_LIMIT_S + PATIENCE * took_s)
    return answer.ok and not answer.lines and not link.dirty
