"""A call that rings here: 180, 183, 200 and refusals (RFC 3261 section 13.3)."""

from __future__ import annotations

from hardware.softphone.call import Call, shown_identity
from hardware.softphone.call_state import CallEvent, CallState, EndedBy, Ending
from hardware.softphone.dialog import Dialog
from hardware.softphone.errors import SdpError
from hardware.softphone.g711 import Codec
from hardware.softphone.history import Moment
from hardware.softphone.manners import Manners
from hardware.softphone.message import Request
from hardware.softphone.negotiation import Agreement
from hardware.softphone.sdp import SDP_TYPE
from hardware.softphone.station import Station
from hardware.softphone.transactions import ServerTransaction, response_to

_PHRASES = {
    302: "Moved Temporarily",
    480: "Temporarily Unavailable",
    486: "Busy Here",
    488: "Not Acceptable Here",
    503: "Service Unavailable",
    603: "Decline",
}


class IncomingCall(Call):
    """A call that another phone made to this one."""

    def __init__(
        self,
        station: Station,
        server: ServerTransaction,
        codecs: tuple[Codec, ...],
        manners: Manners,
    ) -> None:
        dialog = Dialog.called(server.request)
        super().__init__(station, dialog, shown_identity(server.request, dialog.remote), codecs)
        self._server = server
        self._early_media = manners.early_media
        self._moved_to = manners.moved_to
        self._agreement: Agreement | None = None
        self._description = b""
        server.on_cancel = self._on_cancel
        self._note(Moment.INVITE_RECEIVED, self.remote_number)
        self._begin(manners)

    @property
    def invite(self) -> Request:
        """The INVITE as it came, for headers that have no property of their own."""
        return self._server.request

    def ring(self) -> None:
        """Send 180 Ringing, or 183 with a session description if the phone plays early media."""
        with self._station.reactor.lock:
            self._require(CallEvent.RING, "ring for")
            self._advance(CallEvent.RING)
            if self._early_media:
                self._note(Moment.EARLY_MEDIA)
                self._respond(183, "Session Progress", self._description)
                self._start_audio()
            else:
                self._note(Moment.RINGING)
                self._respond(180, "Ringing")

    def answer(self) -> None:
        """Pick up: send 200 OK, repeated until the caller acknowledges it."""
        with self._station.reactor.lock:
            self._require(CallEvent.ANSWER, "answer")
            self._advance(CallEvent.ANSWER)
            self._note(Moment.ANSWERED)
            self._server.respond(self._ok(self._server.request, self._description))
            self._expect_ack(self._server)
            self._start_audio()

    def refuse(self, status: int = 603) -> None:
        """Do not take the call: 486 busy, 603 declined, 480, 503, ..."""
        with self._station.reactor.lock:
            self._require(CallEvent.CANCEL, "refuse")
            phrase = _PHRASES.get(status, "Refused")
            self._end(Ending(EndedBy.REFUSAL, status, phrase))
            self._respond(status, phrase)

    def _begin(self, manners: Manners) -> None:
        try:
            self._describe()
        except SdpError:
            self._respond(488, _PHRASES[488])
            self._end(Ending(EndedBy.BROKEN, 488, _PHRASES[488]))
            return
        if manners.refuse_with is not None:
            self.refuse(manners.refuse_with)
            return
        if manners.ring_after == 0:
            self.ring()
        else:
            self._respond(100, "Trying")
        self._plan(manners)

    def _plan(self, manners: Manners) -> None:
        reactor = self._station.reactor
        if manners.ring_after:
            reactor.after(manners.ring_after, self._ring_by_itself)
        if manners.answer_after is not None:
            reactor.after(manners.answer_after, self._answer_by_itself)

    def _ring_by_itself(self) -> None:
        if self._state is CallState.TRYING:
            self.ring()

    def _answer_by_itself(self) -> None:
        if self._unanswered:
            self.answer()

    @property
    def _unanswered(self) -> bool:
        return self._state in (CallState.TRYING, CallState.RINGING)

    def _describe(self) -> None:
        """Answer the caller's offer; when the INVITE has none, ours is the offer (section 13.2.1)."""
        offer = self._server.request.body
        if offer:
            self._agreement, self._description = self._negotiation.answer(offer)
        else:
            self._description = self._negotiation.offer()

    def _start_audio(self) -> None:
        if self._agreement is not None:
            self._stream.agree(self._agreement)

    def _respond(self, status: int, phrase: str, body: bytes = b"") -> None:
        contact = (("Contact", f"<{self._moved_to}>"),) if 300 <= status < 400 else self._station.dialog_fields
        fields = (*contact, *((SDP_TYPE,) if body else ()))
        # Section 8.2.6.1: 100 Trying makes no dialog, so it has no tag.
        tag = "" if status == 100 else self.local_tag
        self._server.respond(response_to(self._server.request, status, phrase, fields, body=body, to_tag=tag))

    def _on_cancel(self, cancel: Request) -> None:
        self._respond(487, "Request Terminated")
        self._end(Ending(EndedBy.CANCEL, reason=cancel.headers.first("Reason") or ""))

    def _hung_up(self, bye: Request) -> None:
        if self._unanswered:
            self._respond(487, "Request Terminated")  # section 15.1.2
        super()._hung_up(bye)

    def _abandon(self) -> None:
        self.refuse()
