"""Telling an Asterisk that a phone has a call by another one: of its own it sees but its own calls."""

import math
import time
from collections.abc import Callable

from hardware.asterisk.ami import AmiClient, AmiRefusedError
from siaga112 import log

FAMILY = "siaga112-elsewhere"
"""Entries of Asterisk's database: the endpoint, and until when (Unix time) the phone counts as taken."""

KEPT_S = 6
"""An entry says nothing any more that long after we said it last: whoever told it may be dead."""

_RENEWED_S = 2.0

_log = log.get(__name__)


class Elsewhere:
    """The phones that have a call elsewhere, as one Asterisk was told; not for several threads at once.

    Args:
        clock: Unix time in seconds, of the machine that Asterisk runs on.
        monotonic: Seconds of a clock that nobody sets; when to say something again is no matter of the time of day.
    """

    def __init__(
        self,
        client: AmiClient,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._clock = clock
        self._monotonic = monotonic
        self._told_at: dict[str, float] = {}
        self._begun = False

    def tell(self, endpoints: frozenset[str]) -> None:
        """These phones, and no others, have a call elsewhere; to be said again within `KEPT_S`. Raises `AmiError`."""
        if not self._begun:
            self._forget_all()
            self._begun = True
        now = self._monotonic()
        for endpoint in sorted(self._told_at.keys() - endpoints):
            self._put(endpoint, 0)
            del self._told_at[endpoint]
        for endpoint in sorted(endpoints):
            if now - self._told_at.get(endpoint, -math.inf) >= _RENEWED_S:
                self._put(endpoint, round(self._clock()) + KEPT_S)
                self._told_at[endpoint] = now

    def _forget_all(self) -> None:
        """What an earlier process told: the database outlives it, and a clock that was set back makes that last."""
        try:
            self._client.action("DBDelTree", (("Family", FAMILY),))
        except AmiRefusedError as error:
            # So Asterisk answers, too, when there is nothing to delete.
            _log.debug("elsewhere.nothing_to_forget", reason=str(error))

    def _put(self, endpoint: str, until: int) -> None:
        self._client.action("DBPut", (("Family", FAMILY), ("Key", endpoint), ("Val", str(until))))
