"""A call of ours: INVITE, ACK, CANCEL (RFC 3261 section 13.2)."""

from __future__ import annotations

from hardware.softphone.address import Address
from hardware.softphone.call import Call
from hardware.softphone.call_state import CallEvent, CallState, EndedBy, Ending
from hardware.softphone.dialog import Dialog, cancel_of
from hardware.softphone.errors import SoftphoneError
from hardware.softphone.g711 import Codec
from hardware.softphone.headers import Header
from hardware.softphone.history import Moment
from hardware.softphone.message import Request, Response
from hardware.softphone.sdp import SDP_TYPE
from hardware.softphone.station import Exchange, Station, ignore_response, ignore_timeout
from hardware.softphone.transaction import T1

_CANCEL_PATIENCE = 64 * T1  # RFC 3261 section 9.1: after that the INVITE counts as cancelled


class OutgoingCall(Call):
    """A call that this phone made."""

    def __init__(
        self,
        station: Station,
        dialog: Dialog,
        codecs: tuple[Codec, ...],
        destination: Address,
        headers: tuple[Header, ...],
    ) -> None:
        super().__init__(station, dialog, dialog.remote, codecs)
        self._headers = headers
        self._offer = self._negotiation.offer()
        self._provisional = False
        self._note(Moment.INVITE_SENT)
        try:
            self._exchange = Exchange(station, self._invite, destination, self._on_response, self._on_timeout)
        except SoftphoneError:
            self.vanish()  # a header that cannot be sent: give the audio port back
            raise

    def _invite(self, extra: tuple[Header, ...]) -> Request:
        if extra:
            self._note(Moment.CHALLENGED)
        fields = (*self._station.dialog_fields, SDP_TYPE, *self._headers, *extra)
        return self._dialog.request("INVITE", fields, self._offer)

    def _on_response(self, response: Response) -> None:
        if response.status < 200:
            self._on_provisional(response)
        elif response.status < 300:
            self._on_success(response)
        elif self._state is CallState.CANCELLING:
            self._end(Ending(EndedBy.CANCEL, response.status, response.phrase))
        else:
            reason = response.headers.first("Reason") or ""
            self._end(Ending(EndedBy.REFUSAL, response.status, response.phrase, reason))

    def _on_provisional(self, response: Response) -> None:
        first, self._provisional = not self._provisional, True
        if self._state is CallState.CANCELLING:
            if first:
                self._send_cancel()
            return
        if response.status == 100 or not self._advance(CallEvent.RING):
            return
        self._dialog.established(response)
        if response.body and not self._agree_on_answer(response.body):
            return
        # RFC 3960 section 3.1: a description before the answer means audio before the answer.
        self._note(Moment.EARLY_MEDIA if response.body else Moment.RINGING, f"{response.status} {response.phrase}")

    def _on_success(self, response: Response) -> None:
        if self._state in (CallState.ANSWERED, CallState.ENDED):
            self._send_ack()  # the first ACK was lost (section 13.2.2.4)
            return
        self._dialog.established(response)
        self._send_ack()
        if not self._advance(CallEvent.ANSWER):
            self._end(Ending(EndedBy.CANCEL))
            self._send_bye()  # the answer crossed our CANCEL (section 9.1)
        elif self._agree_on_answer(response.body):
            self._note(Moment.ANSWERED)

    def _on_timeout(self) -> None:
        self._end(Ending(EndedBy.NO_ANSWER))

    def _abandon(self) -> None:
        if not self._advance(CallEvent.CANCEL):
            return
        if self._provisional:
            self._send_cancel()

    def _send_cancel(self) -> None:
        invite = self._exchange.request
        self._station.transactions.request(
            cancel_of(invite), self._exchange.destination, ignore_response, ignore_timeout
        )
        self._station.reactor.after(_CANCEL_PATIENCE, self._on_timeout)

    def _send_ack(self) -> None:
        ack = self._dialog.ack(self._exchange.request).with_via(self._station.transactions.via())
        self._station.transmit(ack, self._dialog.next_hop)
