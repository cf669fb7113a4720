"""A new offer inside a call that is up, such as for hold: re-INVITE (RFC 3261 section 14, RFC 3264 section 8.4)."""

from __future__ import annotations

from collections.abc import Callable

from hardware.softphone.dialog import Dialog
from hardware.softphone.message import Response
from hardware.softphone.sdp import SDP_TYPE
from hardware.softphone.station import Exchange, Station


class Reoffer:
    """Sent when it is made, with the lock held; `status` is the final answer's, 408 when none came."""

    def __init__(self, station: Station, dialog: Dialog, offer: bytes, on_answer: Callable[[bytes], object]) -> None:
        self.status: int | None = None
        self._station = station
        self._dialog = dialog
        self._on_answer = on_answer
        self._exchange = Exchange(
            station,
            lambda extra: dialog.request("INVITE", (*station.dialog_fields, SDP_TYPE, *extra), offer),
            dialog.next_hop,
            self._on_response,
            self._on_timeout,
        )

    def _on_response(self, response: Response) -> None:
        if response.status < 200:
            return
        if response.status < 300:
            ack = self._dialog.ack(self._exchange.request).with_via(self._station.transactions.via())
            self._station.transmit(ack, self._dialog.next_hop)
            if self.status is None:
                self._on_answer(response.body)
        self.status = response.status

    def _on_timeout(self) -> None:
        self.status = 408
