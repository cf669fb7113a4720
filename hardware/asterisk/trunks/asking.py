"""Asking a trunk now whether it is there, and not when its turn comes."""

import time

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.views import ContactStatus, contacts

ANSWER_LIMIT_S = 2.5
"""Half a second more than qualify_timeout, after which Asterisk calls a place unreachable."""

_LOOK_EVERY_S = 0.1


def ask(client: AmiClient, endpoint: str) -> float | None:
    """Send OPTIONS; the round trip in milliseconds, or None when nothing came back. Raises AmiError.

    Asterisk tells of an answer only when the place was silent before, so the time that it keeps is watched.
    """
    before = _times(client, endpoint)
    client.action("PJSIPQualify", (("Endpoint", endpoint),))
    deadline = time.monotonic() + ANSWER_LIMIT_S
    while time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)
        now = _times(client, endpoint)
        if now and now != before:
            return min(now)
    return min(_times(client, endpoint), default=None)


def _times(client: AmiClient, endpoint: str) -> list[float]:
    return [
        place.round_trip_ms
        for place in contacts(client, endpoint)
        if place.status is ContactStatus.REACHABLE and place.round_trip_ms is not None
    ]
