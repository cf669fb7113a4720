"""Leading the other side on to somebody else: REFER and what is told of it (RFC 3515, RFC 3891)."""

from __future__ import annotations

import re

from hardware.softphone.dialog import Dialog
from hardware.softphone.message import Request, Response
from hardware.softphone.station import Exchange, Station

_FRAGMENT = re.compile(rb"SIP/2\.0 ([0-9]{3})")  # message/sipfrag (RFC 3420)


class Referral:
    """Sent when it is made, with the lock held; `status` is how it was taken, or how it ended; 408: no answer.

    Blind, what counts is that it was taken (202): who rings after that is no affair of this phone any more.
    """

    def __init__(self, station: Station, dialog: Dialog, target: str, replaced: Dialog | None) -> None:
        self.status: int | None = None
        self._blind = replaced is None
        host, port = dialog.next_hop
        refer_to = f"<sip:{target}@{host}:{port}{_replaces(replaced) if replaced else ''}>"
        fields = (("Refer-To", refer_to), ("Referred-By", str(dialog.local)))
        Exchange(
            station,
            lambda extra: dialog.request("REFER", (*station.dialog_fields, *fields, *extra)),
            dialog.next_hop,
            self._on_response,
            self._on_timeout,
        )

    def notified(self, notify: Request) -> None:
        """What became of it so far."""
        told = _FRAGMENT.match(notify.body)
        if told is not None and not self._blind and int(told[1]) >= 200:
            self.status = int(told[1])

    def _on_response(self, response: Response) -> None:
        if response.status >= 300 or (self._blind and response.status >= 200):
            self.status = response.status

    def _on_timeout(self) -> None:
        self.status = 408


def _replaces(dialog: Dialog) -> str:
    """Section 3 of RFC 3891: the dialog as its other side, who gets the REFER, would name it."""
    return f"?Replaces={dialog.call_id}%3Bto-tag%3D{dialog.remote.tag}%3Bfrom-tag%3D{dialog.local.tag}".replace(
        "@", "%40"
    )
