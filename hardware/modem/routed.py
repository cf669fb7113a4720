"""Messages that a modem hands over without storing them (+CMT, +CDS), kept until the caller has them safe.

We ask for storing (AT+CNMI mt=1). A modem that cannot, or whose setting somebody changed, prints the message once and
has acknowledged it to the network by then: what is not kept here is lost.
"""

from __future__ import annotations

import threading

from hardware.modem.at.events import Urc
from hardware.modem.listing import MessageStatus, StoredPdu
from siaga112.log import get

log = get(__name__)

ROUTED = "routed"  # stands for the memory of such a message


class RoutedPdus:
    """Filled by the reader thread, emptied by whoever lists and deletes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, StoredPdu] = {}
        self._count = 0

    def take(self, urc: Urc) -> None:
        """Keep what came on the second line of `urc`."""
        log.warning(
            "modem.message_routed", code=urc.code, mend="the modem does not store: AT+CNMI was refused or changed"
        )
        with self._lock:
            self._count += 1
            self._kept[self._count] = StoredPdu(ROUTED, self._count, MessageStatus.REC_UNREAD, urc.body)

    def listed(self) -> list[StoredPdu]:
        """Give what is kept, oldest first."""
        with self._lock:
            return list(self._kept.values())

    def delete(self, index: int) -> None:
        """Let one go; one that is gone is no error."""
        with self._lock:
            self._kept.pop(index, None)
