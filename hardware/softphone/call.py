"""A telephone call as the one who drives the phone sees it; both directions have this in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hardware.softphone.address import NameAddr
from hardware.softphone.audio_stream import AudioStream
from hardware.softphone.call_state import CALL_TABLE, CallEvent, CallState, EndedBy, Ending
from hardware.softphone.dialog import Dialog
from hardware.softphone.errors import CallStateError, SdpError
from hardware.softphone.g711 import Codec
from hardware.softphone.history import Happening, Moment
from hardware.softphone.message import Request, Response
from hardware.softphone.negotiation import Negotiation
from hardware.softphone.referral import Referral
from hardware.softphone.reoffer import Reoffer
from hardware.softphone.sdp import SDP_TYPE, Direction
from hardware.softphone.sounds import SILENCE, Sound
from hardware.softphone.station import ALLOW, Exchange, Station, refuse
from hardware.softphone.transactions import ServerTransaction, response_to

_Found = TypeVar("_Found")

_PRESS_PATIENCE = 2.0  # seconds on top of the presses themselves, for a machine under load


class Call:
    """What can be done with a call, waited for and heard in it. Times are time.monotonic() values.

    Every wait raises WaitError with the last SIP messages when its time is up, and at once when the
    call has ended and it can no longer happen.
    """

    def __init__(self, station: Station, dialog: Dialog, remote: NameAddr, codecs: tuple[Codec, ...]) -> None:
        self._station = station
        self._dialog = dialog
        self._stream = AudioStream(
            station.reactor,
            station.address[0],
            on_key_sent=lambda key: self._note(Moment.KEY_PRESSED, key),
            on_first_audio=lambda: self._note(Moment.FIRST_AUDIO),
            on_key_heard=lambda key: self._note(Moment.KEY_HEARD, key),
        )
        self._negotiation = Negotiation(self._stream.address, codecs)
        self._unacknowledged: ServerTransaction | None = None
        self._referral: Referral | None = None
        self._history: list[Happening] = []
        self._state = CallState.TRYING
        self._ending: Ending | None = None
        self._remote = remote

    # -- who and what ---------------------------------------------------------------------------------

    @property
    def call_id(self) -> str:
        """The dialog's Call-ID."""
        return self._dialog.call_id

    @property
    def local_tag(self) -> str:
        """Our half of the dialog's name."""
        return self._dialog.local.tag or ""

    @property
    def remote_number(self) -> str:
        """The other side's number as it was shown to us."""
        return self._remote.uri.number

    @property
    def remote_name(self) -> str:
        """The other side's display name; empty when it has none."""
        return self._remote.display_name

    @property
    def state(self) -> CallState:
        """Where the call is."""
        return self._state

    @property
    def ending(self) -> Ending | None:
        """How the call ended; None while it has not."""
        return self._ending

    @property
    def codec(self) -> Codec | None:
        """The codec that was agreed on."""
        return self._stream.agreement.codec if self._stream.agreement else None

    @property
    def history(self) -> tuple[Happening, ...]:
        """Everything that happened so far, oldest first."""
        with self._station.reactor.lock:
            return tuple(self._history)

    def moment(self, moment: Moment) -> float | None:
        """When something happened for the first time; None when it has not."""
        with self._station.reactor.lock:
            return self._first(moment)

    @property
    def owes_bye(self) -> bool:
        """Whether this side has hung up and cannot say so before it is acknowledged that it answered."""
        return self._unacknowledged is not None and self._ending == Ending(EndedBy.US)

    # -- waiting --------------------------------------------------------------------------------------

    def wait_ringing(self, timeout: float = 5.0) -> float:
        """Wait until the phone rings or plays early media, or was answered without; returns when."""
        return self._wait_for("ringing", (Moment.RINGING, Moment.EARLY_MEDIA, Moment.ANSWERED), timeout)

    def wait_answered(self, timeout: float = 5.0) -> float:
        """Wait until the call is answered; returns when it was."""
        return self._wait_for("the answer", (Moment.ANSWERED,), timeout)

    def wait_ended(self, timeout: float = 5.0) -> Ending:
        """Wait until the call is over; returns how it ended."""
        return self._wait_until("the end of the call", lambda: self._ending, timeout)

    def wait_audio(self, min_rms: float = 200.0, timeout: float = 5.0) -> None:
        """Wait until something at least this loud was heard for half a second on the average."""
        self._wait_until(f"audio of rms {min_rms:.0f}", lambda: self.rms() >= min_rms, timeout)

    def wait_tone(self, frequency_hz: float, timeout: float = 5.0) -> None:
        """Wait until a tone is heard."""
        self._wait_until(f"a tone of {frequency_hz} Hz", lambda: self.hears_tone(frequency_hz), timeout)

    def wait_keys(self, keys: str, timeout: float = 5.0) -> None:
        """Wait until the other side has pressed these keys, in this order, among others."""
        self._wait_until(f"the keys {keys}", lambda: keys in self.keys_heard, timeout)

    def wait_played(self, timeout: float = 30.0) -> None:
        """Wait until a sound that does not repeat was played to its end."""
        self._wait_until("the end of the sound", lambda: self._stream.sender.finished, timeout)

    # -- hearing --------------------------------------------------------------------------------------

    @property
    def heard_seconds(self) -> float:
        """How much audio came in all."""
        return self._stream.hearing.seconds

    @property
    def keys_heard(self) -> str:
        """The keys the other side pressed so far (RFC 4733)."""
        return self._stream.hearing.keys

    def rms(self) -> float:
        """Loudness of the last half second, linear, of 16-bit samples."""
        with self._station.reactor.lock:
            return self._stream.hearing.rms()

    def hears_tone(self, frequency_hz: float) -> bool:
        """Whether the last half second is mostly this tone."""
        with self._station.reactor.lock:
            return self._stream.hearing.has_tone(frequency_hz)

    def heard(self, seconds: float) -> list[int]:
        """The newest linear samples at 8 kHz; at most the last 30 seconds are kept."""
        with self._station.reactor.lock:
            return self._stream.hearing.last(seconds)

    # -- doing ----------------------------------------------------------------------------------------

    def press(self, keys: str, duration_ms: int = 100) -> float:
        """Press keys one after the other (RFC 4733) and wait until they are sent.

        Returns when the last key's first end packet went out, which is when the other side acts on it.
        CallStateError when the other side takes no telephone events.
        """
        with self._station.reactor.lock:
            agreement = self._stream.agreement
            if self._state is CallState.ENDED or agreement is None or agreement.telephone_event is None:
                raise CallStateError(
                    f"cannot press {keys}: the call is {self._state.name} or takes no telephone events"
                )
            wanted = self._pressed + len(keys)
            for key in keys:
                self._stream.sender.press(key, duration_ms)
        patience = len(keys) * (duration_ms + 200) / 1000 + _PRESS_PATIENCE
        self._wait_until(f"the keys {keys} to be sent", lambda: self._pressed >= wanted, patience)
        return max(item.at for item in self.history if item.moment is Moment.KEY_PRESSED)

    def play_tone(self, frequency_hz: int) -> None:
        """Play a tone until something else is played."""
        self._play(Sound.tone(frequency_hz))

    def play_wav(self, path: Path) -> None:
        """Play a file of 16-bit mono PCM at 8 kHz once, then silence; SoundError for any other."""
        self._play(Sound.wav(path))

    def silence(self) -> None:
        """Play nothing; packets are sent all the same, as from a quiet room."""
        self._play(SILENCE)

    def hold(self, timeout: float = 5.0) -> None:
        """Put the other side on hold and wait until it has taken that; CallStateError when it does not."""
        self._offer_anew(Direction.SENDONLY, timeout)

    def resume(self, timeout: float = 5.0) -> None:
        """End `hold`."""
        self._offer_anew(Direction.SENDRECV, timeout)

    def refer(self, target: str, *, to: Call | None = None, timeout: float = 15.0) -> int:
        """Lead the other side on to a number, or into another call of this phone; the SIP status that tells.

        A number: 202 when the other side goes there. A call: 200 when both are one. The phone then hangs up its own.
        """
        with self._station.reactor.lock:
            if self._state is not CallState.ANSWERED:
                raise CallStateError(f"cannot transfer a call that is {self._state.name}")
            referral = Referral(self._station, self._dialog, target, to._dialog if to else None)
            self._referral = referral
        return self._station.wait("what becomes of the transfer", lambda: referral.status, timeout, lambda: "")

    def hangup(self) -> None:
        """End the call, whatever it takes in its state; an ended call stays as it is."""
        with self._station.reactor.lock:
            if self._state is CallState.ANSWERED:
                self._end(Ending(EndedBy.US))
                # RFC 3261 section 15: who answered says BYE once the ACK is here, or will not come any more.
                if self._unacknowledged is None:
                    self._send_bye()
            elif self._state is not CallState.ENDED:
                self._abandon()

    def _abandon(self) -> None:
        """End a call that was not answered yet."""
        raise NotImplementedError

    # -- called by the phone, with the lock held ------------------------------------------------------

    def vanish(self) -> None:
        """Be over without telling the peer."""
        self._end(Ending(EndedBy.VANISHED))

    def on_request(self, server: ServerTransaction) -> None:
        """A request of the peer inside this dialog."""
        request = server.request
        if not self._dialog.in_order(request):
            refuse(server, 500, "Out Of Order")  # RFC 3261 section 12.2.2
        elif self._state is CallState.ENDED:
            refuse(server, 481, "Call/Transaction Does Not Exist")
        elif request.method == "BYE":
            refuse(server, 200, "OK")
            self._hung_up(request)
        elif request.method in ("INVITE", "UPDATE"):
            self._renegotiate(server)
        elif request.method == "NOTIFY" and self._referral is not None:
            refuse(server, 200, "OK")
            self._referral.notified(request)
        elif request.method in ("INFO", "OPTIONS"):
            refuse(server, 200, "OK")
        else:
            refuse(server, 405, "Method Not Allowed", ("Allow", ALLOW))

    def on_ack(self, ack: Request) -> None:
        """The ACK for a 200 of ours to an INVITE."""
        server = self._unacknowledged
        if server is None or server.request.cseq.number != ack.cseq.number:
            return
        self._station.transactions.acknowledge(server)
        hung_up, self._unacknowledged = self.owes_bye, None
        if hung_up:
            self._send_bye()
        elif not server.request.body and ack.body:
            self._agree_on_answer(ack.body)

    # -- for both kinds of call -----------------------------------------------------------------------

    @property
    def _pressed(self) -> int:
        return sum(item.moment is Moment.KEY_PRESSED for item in self._history)

    def _hung_up(self, bye: Request) -> None:
        self._end(Ending(EndedBy.PEER, reason=bye.headers.first("Reason") or ""))

    def _play(self, sound: Sound) -> None:
        with self._station.reactor.lock:
            self._stream.sender.play(sound)

    def _note(self, moment: Moment, detail: str = "") -> None:
        # What we do is noted before it is sent, so that no other phone's clock can be ahead of ours.
        self._history.append(Happening(time.monotonic(), moment, detail))
        self._station.reactor.changed.notify_all()

    def _advance(self, event: CallEvent) -> bool:
        following = CALL_TABLE[self._state].get(event)
        self._state = following or self._state
        return following is not None

    def _require(self, event: CallEvent, what: str) -> None:
        if event not in CALL_TABLE[self._state]:
            raise CallStateError(f"cannot {what} a call that is {self._state.name}")

    def _end(self, ending: Ending) -> None:
        if self._advance(CallEvent.END):
            self._ending = ending
            self._stream.close()
            self._note(Moment.ENDED, str(ending))

    def _send_bye(self) -> None:
        Exchange(
            self._station,
            lambda extra: self._dialog.request("BYE", extra),
            self._dialog.next_hop,
        )

    def _break(self, server: ServerTransaction | None = None) -> None:
        """The peer did not acknowledge, or described something that cannot be served."""
        self._unacknowledged = None
        self._end(Ending(EndedBy.NO_ANSWER if server else EndedBy.BROKEN))
        self._send_bye()

    def _agree_on_answer(self, body: bytes) -> bool:
        try:
            self._stream.agree(self._negotiation.accept_answer(body))
        except SdpError:
            self._break()
            return False
        return True

    def _offer_anew(self, direction: Direction, timeout: float) -> None:
        with self._station.reactor.lock:
            if self._state is not CallState.ANSWERED:
                raise CallStateError(f"cannot make a new offer in a call that is {self._state.name}")
            offer = self._negotiation.offer(direction)
            reoffer = Reoffer(self._station, self._dialog, offer, self._agree_on_answer)
        status = self._wait_until("the answer to a new offer", lambda: reoffer.status, timeout)
        if status >= 300:
            raise CallStateError(f"the other side refused a new offer with {status}")

    def _renegotiate(self, server: ServerTransaction) -> None:
        request = server.request
        is_update = request.method == "UPDATE"
        try:
            body = self._described_for(request.body) if request.body or not is_update else b""
        except SdpError:
            refuse(server, 488, "Not Acceptable Here")
            return
        self._dialog.refresh(request)
        server.respond(self._ok(request, body))
        if not is_update:
            self._expect_ack(server)
        self._note(Moment.REFRESHED, request.method)

    def _described_for(self, offer: bytes) -> bytes:
        if not offer:
            return self._negotiation.offer()
        agreement, body = self._negotiation.answer(offer)
        self._stream.agree(agreement)
        return body

    def _ok(self, request: Request, body: bytes) -> Response:
        fields = (*self._station.dialog_fields, *((SDP_TYPE,) if body else ()))
        return response_to(request, 200, "OK", fields, body=body, to_tag=self.local_tag)

    def _expect_ack(self, server: ServerTransaction) -> None:
        self._unacknowledged = server
        server.on_timeout = lambda: self._break(server)

    def _wait_for(self, what: str, moments: tuple[Moment, ...], timeout: float) -> float:
        return self._wait_until(what, lambda: self._first(*moments), timeout)

    def _wait_until(self, what: str, look: Callable[[], _Found | None], timeout: float) -> _Found:
        return self._station.wait(
            what, look, timeout, lambda: f"the call ended: {self._ending}" if self._ending else ""
        )

    def _first(self, *moments: Moment) -> float | None:
        return next((item.at for item in self._history if item.moment in moments), None)


def shown_identity(request: Request, fallback: NameAddr) -> NameAddr:
    """Who calls: P-Asserted-Identity (RFC 3325 section 9.1) before From, as a telephone shows it."""
    asserted = request.headers.first("P-Asserted-Identity")
    return NameAddr.parse(asserted) if asserted else fallback
