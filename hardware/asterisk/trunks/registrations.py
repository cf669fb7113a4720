"""Why a registration is refused. AMI says no more than `Rejected`; the status code stands in Asterisk's log alone."""

import os
import re
from pathlib import Path

TAIL_BYTES = 256 * 1024
"""A refused registration is tried again within a minute, so its last refusal is near the end of the log."""

# res_pjsip_outbound_registration.c: "'488' fatal response received from 'SERVER' on registration attempt to 'CLIENT'",
# "403 Forbidden fatal response received …", "Temporal response '503' received …".
_REFUSAL = re.compile(
    r"(?:'(?P<fatal>\d{3})' fatal response|(?P<forbidden>403) Forbidden fatal response|"
    r"Temporal response '(?P<temporal>\d{3})') received from '[^']*' on registration attempt to '(?P<client>[^']*)'"
)
_NO_ANSWER = re.compile(r"No response received from '[^']*' on registration attempt to '(?P<client>[^']*)'")

NO_ANSWER = 408


def last_refusals(log: Path) -> dict[str, int]:
    """The last SIP status code for each client URI in a log file; none without a file."""
    found: dict[str, int] = {}
    for line in _tail(log).splitlines():
        if refused := _REFUSAL.search(line):
            found[refused["client"]] = int(refused["fatal"] or refused["forbidden"] or refused["temporal"])
        elif silent := _NO_ANSWER.search(line):
            found[silent["client"]] = NO_ANSWER
    return found


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
