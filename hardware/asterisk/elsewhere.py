"""Telling an Asterisk that a phone has a call by another one: of its own it sees but its own calls."""

import time
from collections.abc import Callable

from hardware.asterisk.ami import AmiClient

FAMILY = "siaga112-elsewhere"
"""Entries of Asterisk's database: the endpoint, and until when (Unix time) the phone counts as taken."""

KEPT_S = 6
"""An entry says nothing any more that long after we said it last: whoever told it may be dead."""

_RENEWED_S = 2.0


class Elsewhere:
    """The phones that have a call elsewhere, as one Asterisk was told; not for several threads at once.

    Args:
        clock: Unix time in seconds, of the machine that Asterisk runs on.
    """

    def __init__(self, client: AmiClient, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock
        self._told_at: dict[str, float] = {}

    def tell(self, endpoints: frozenset[str]) -> None:
        """These phones, and no others, have a call elsewhere; to be said again within `KEPT_S`. Raises `AmiError`."""
        now = self._clock()
        for endpoint in sorted(self._told_at.keys() - endpoints):
            self._put(endpoint, 0)
            del self._told_at[endpoint]
        for endpoint in sorted(endpoints):
            if now - self._told_at.get(endpoint, 0.0) >= _RENEWED_S:
                self._put(endpoint, round(now) + KEPT_S)
                self._told_at[endpoint] = now

    def _put(self, endpoint: str, until: int) -> None:
        self._client.action("DBPut", (("Family", FAMILY), ("Key", endpoint), ("Val", str(until))))
