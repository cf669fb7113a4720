"""A phone and a peer that loses, repeats and breaks messages: what RFC 3261 asks for on the wire."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from hardware.softphone import HANGING, UNREACHABLE, CallState, EndedBy, Moment, Phone
from hardware.softphone.message import Message, Request, Response, parse_message

SDP = b"v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\na=%s\r\n"


class Peer:
    """A socket that speaks SIP by hand."""

    def __init__(self, phone: Phone) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.9", 0))
        self._socket.settimeout(5)
        self._phone = phone
        self._far = phone.address
        self.address: tuple[str, int] = self._socket.getsockname()
        self.uri = f"sip:peer@127.0.0.9:{self.address[1]}"
        self._sequence = 0
        self._to = f"<{phone.uri}>"

    def close(self) -> None:
        self._socket.close()

    def raw(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._far)

    def receive(self) -> Message:
        datagram, self._far = self._socket.recvfrom(65535)
        return parse_message(datagram)

    def response(self, status: int) -> Response:
        message = self.receive()
        assert isinstance(message, Response)
        assert status == message.status
        return message

    def request(self, method: str) -> Request:
        message = self.receive()
        assert isinstance(message, Request)
        assert method == message.method
        return message

    def ask(self, method: str, body: bytes = b"", *, extra: str = "", number: int | None = None) -> bytes:
        """Send a request of the one dialog this peer has; returns it for repetition."""
        if number is None:
            self._sequence += 1
        sequence = self._sequence if number is None else number
        host = self.uri.partition("@")[2]
        text = (
            f"{method} {self._phone.uri} SIP/2.0\r\nVia: SIP/2.0/UDP {host};rport;branch=z9hG4bK{sequence}{method}\r\n"
            f"From: <{self.uri}>;tag=peer\r\nTo: {self._to}\r\nCall-ID: wire\r\nCSeq: {sequence} {method}\r\n"
            f"Contact: <{self.uri}>\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        )
        self.raw(text.encode() + body)
        return text.encode() + body

    def in_dialog(self, response: Response) -> None:
        self._to = response.headers.first("To") or ""

    def answer(self, request: Request, status: int, body: bytes = b"", *, extra: str = "") -> None:
        fields = [(name, request.headers.first(name) or "") for name in ("Via", "From", "To", "Call-ID", "CSeq")]
        tagged = [
            (name, f"{value};tag=peer" if name == "To" and "tag=" not in value else value) for name, value in fields
        ]
        copied = "".join(f"{name}: {value}\r\n" for name, value in tagged)
        text = f"SIP/2.0 {status} X\r\n{copied}Contact: <{self.uri}>\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        self.raw(text.encode() + body)


@pytest.fixture
def phone() -> Iterator[Phone]:
    """The phone under test; it does not wait for the peer's last answers."""
    with Phone("operator", ("127.0.0.5", 0)) as phone:
        yield phone
        phone.vanish()


@pytest.fixture
def peer(phone: Phone) -> Iterator[Peer]:
    """The other side."""
    peer = Peer(phone)
    yield peer
    peer.close()


def _answered(phone: Phone, peer: Peer, body: bytes = SDP % b"sendrecv") -> Response:
    """Call the phone by hand, up to the ACK."""
    peer.ask("INVITE", body)
    peer.response(180)
    phone.incoming().answer()
    ok = peer.response(200)
    peer.in_dialog(ok)
    peer.ask("ACK", number=1)
    return ok


def test_lost_invite_is_repeated(phone: Phone, peer: Peer) -> None:
    """The same request comes again, with the same branch, until a response stops it."""
    call = phone.call(peer.uri)
    first = peer.request("INVITE")

    second = peer.request("INVITE")
    peer.answer(second, 180)
    call.wait_ringing()

    assert first == second


def test_lost_answer_is_repeated_until_the_ack(phone: Phone, peer: Peer) -> None:
    """Without an ACK the 200 comes again; the ACK stops it, and BYE ends the call."""
    peer.ask("INVITE", SDP % b"sendrecv")
    peer.response(180)
    call = phone.incoming()
    call.answer()
    first = peer.response(200)

    assert first == peer.response(200)
    peer.in_dialog(first)
    peer.ask("ACK", number=1)
    peer.ask("BYE")
    peer.response(200)
    assert EndedBy.PEER is call.wait_ended().by


def test_hang_up_waits_for_the_ack(phone: Phone, peer: Peer) -> None:
    """RFC 3261 section 15: who answered and hangs up at once repeats the 200, and says BYE when the ACK is here."""
    peer.ask("INVITE", SDP % b"sendrecv")
    peer.response(180)
    call = phone.incoming()
    call.answer()
    first = peer.response(200)
    call.hangup()

    assert first == peer.response(200)
    peer.in_dialog(first)
    peer.ask("ACK", number=1)
    peer.answer(peer.request("BYE"), 200)


def test_repeated_answer_is_acknowledged_again(phone: Phone, peer: Peer) -> None:
    """The peer that lost our ACK repeats its 200 and gets another ACK; the call is answered once."""
    call = phone.call(peer.uri)
    invite = peer.request("INVITE")
    for _ in range(2):
        peer.answer(invite, 200, SDP % b"sendrecv")
        ack = peer.request("ACK")
        assert invite.cseq.number == ack.cseq.number

    assert [item.moment for item in call.history] == [Moment.INVITE_SENT, Moment.ANSWERED]


def test_refusal_is_acknowledged_by_the_transaction(phone: Phone, peer: Peer) -> None:
    """RFC 3261 section 17.1.1.3: the ACK to a refusal has the INVITE's branch, however often it comes."""
    phone.call(peer.uri)
    invite = peer.request("INVITE")
    for _ in range(2):
        peer.answer(invite, 404)

        assert invite.headers.first("Via") == peer.request("ACK").headers.first("Via")


def test_repeated_invite_is_one_call(phone: Phone, peer: Peer) -> None:
    """A peer that did not hear the 180 gets it again, and no second call comes of it."""
    again = peer.ask("INVITE", SDP % b"sendrecv")
    first = peer.response(180)

    peer.raw(again)

    assert first == peer.response(180)
    assert len(phone.calls) == 1


def test_answer_that_crosses_our_cancel_is_hung_up(phone: Phone, peer: Peer) -> None:
    """RFC 3261 section 9.1: who gave up and is answered all the same says ACK and BYE."""
    call = phone.call(peer.uri)
    invite = peer.request("INVITE")
    peer.answer(invite, 180)
    call.wait_ringing()
    call.hangup()
    cancel = peer.request("CANCEL")
    peer.answer(invite, 200, SDP % b"sendrecv")

    peer.request("ACK")
    bye = peer.request("BYE")
    peer.answer(cancel, 200)
    peer.answer(bye, 200)

    assert invite.headers.first("Via") == cancel.headers.first("Via")
    assert EndedBy.CANCEL is call.wait_ended().by


def test_hold_and_resume_are_answered(phone: Phone, peer: Peer) -> None:
    """A re-INVITE that puts us on hold is mirrored, and the session's version grows (RFC 3264 section 8)."""
    _answered(phone, peer)
    (call,) = phone.calls

    bodies = []
    for direction in (b"sendonly", b"sendrecv"):
        peer.ask("INVITE", SDP % direction)
        bodies.append(peer.response(200).body)
        peer.ask("ACK", number=len(bodies) + 1)

    assert b"a=recvonly" in bodies[0]
    assert b"a=sendrecv" in bodies[1]
    assert [body.split(b"\r\n")[1].split()[2] for body in bodies] == [b"2", b"3"]
    assert CallState.ANSWERED is call.state


def test_session_refresh_by_update_is_answered(phone: Phone, peer: Peer) -> None:
    """An UPDATE without a description is a sign of life (RFC 4028), one with it an offer (RFC 3311)."""
    _answered(phone, peer)

    peer.ask("UPDATE")
    empty = peer.response(200)
    peer.ask("UPDATE", SDP % b"sendrecv")
    described = peer.response(200)

    assert empty.body == b""
    assert b"m=audio" in described.body


def test_impossible_change_is_refused_and_the_call_goes_on(phone: Phone, peer: Peer) -> None:
    """A re-INVITE for a codec that is not spoken gets 488; the call keeps what it had."""
    _answered(phone, peer)

    peer.ask("INVITE", (SDP % b"sendrecv").replace(b"RTP/AVP 8", b"RTP/AVP 18"))
    peer.response(488)
    peer.ask("ACK", number=2)

    assert CallState.ANSWERED is phone.calls[0].state


def test_invite_without_offer_is_offered_one(phone: Phone, peer: Peer) -> None:
    """Our 200 makes the offer and the ACK answers it (RFC 3261 section 13.2.1)."""
    peer.ask("INVITE")
    peer.response(180)
    call = phone.incoming()
    call.answer()
    ok = peer.response(200)
    peer.in_dialog(ok)
    peer.ask("ACK", SDP % b"sendrecv", number=1)
    # The phone handles one message after the other: the answer to this one says that the ACK is done.
    peer.ask("INFO")
    peer.response(200)

    assert b"m=audio" in ok.body
    assert call.codec is not None


def test_answer_without_common_codec_is_hung_up(phone: Phone, peer: Peer) -> None:
    """A callee that answers with something else gets ACK and BYE."""
    call = phone.call(peer.uri)
    invite = peer.request("INVITE")
    peer.answer(invite, 200, (SDP % b"sendrecv").replace(b"RTP/AVP 8", b"RTP/AVP 18"))

    peer.request("ACK")
    peer.answer(peer.request("BYE"), 200)

    assert EndedBy.BROKEN is call.wait_ended().by


@pytest.mark.parametrize(
    ("method", "extra", "status"),
    [
        pytest.param("OPTIONS", "", 200, id="OPTIONS is answered for qualify"),
        pytest.param("PUBLISH", "", 405, id="an unknown method is named"),
        pytest.param("REGISTER", "", 405, id="REGISTER needs a registrar"),
        pytest.param("BYE", "", 405, id="BYE outside a call"),
        pytest.param("CANCEL", "", 481, id="CANCEL of nothing"),
        pytest.param("INVITE", "Require: 100rel\r\n", 420, id="an extension we do not have"),
        pytest.param("INVITE", "P-Asserted-Identity: nobody\r\n", 400, id="a caller without an address"),
    ],
)
def test_requests_outside_a_call(phone: Phone, peer: Peer, method: str, extra: str, status: int) -> None:
    """Each gets the response of its own."""
    peer.ask(method, extra=extra)

    peer.response(status)
    assert phone.calls == ()


def test_request_of_a_call_that_is_not_there(phone: Phone, peer: Peer) -> None:
    """RFC 3261 section 12.2.2: a dialog that we do not know gets 481."""
    _answered(phone, peer)
    phone.calls[0].hangup()
    peer.answer(peer.request("BYE"), 200)

    peer.ask("INFO")

    peer.response(481)


def test_request_out_of_order_is_refused(phone: Phone, peer: Peer) -> None:
    """RFC 3261 section 12.2.2: a sequence number that is not higher than the last gets 500."""
    _answered(phone, peer)

    peer.ask("INFO", number=1)

    peer.response(500)


@pytest.mark.parametrize(
    "noise",
    [b"", b"\r\n\r\n", b"\x00", b"\xff" * 50, b"INVITE sip:a SIP/2.0\r\n\r\n", b"SIP/2.0 200 OK\r\nVia: x\r\n\r\n"],
)
def test_noise_does_not_disturb(phone: Phone, peer: Peer, noise: bytes) -> None:
    """Keep-alives and what is not SIP are passed over; the next request is served."""
    peer.raw(noise)

    peer.ask("OPTIONS")

    peer.response(200)


def test_hanging_phone_still_qualifies_and_an_unreachable_one_does_not(phone: Phone, peer: Peer) -> None:
    """Both leave the INVITE alone; only the one that hangs answers OPTIONS."""
    answered: dict[str, list[str]] = {}
    for name, manners in (("hanging", HANGING), ("unreachable", UNREACHABLE)):
        phone.manners = manners
        for method in ("INVITE", "OPTIONS", "PUBLISH"):
            peer.ask(method, SDP % b"sendrecv")
        # Messages are handled in order: what has no answer before the last one's has none.
        answered[name] = list(iter(lambda: peer.receive().cseq.method, "PUBLISH"))

    assert answered == {"hanging": ["OPTIONS"], "unreachable": []}


def test_registration_is_renewed_in_time(peer: Peer) -> None:
    """The registrar grants one second in place of an hour; the phone comes back before it is over."""
    with Phone("siaga", ("127.0.0.6", 0), registrar=peer.address) as phone:
        registering = threading.Thread(target=phone.register)
        registering.start()
        first = peer.request("REGISTER")
        peer.answer(first, 200, extra="Expires: 1\r\n")
        registering.join()

        second = peer.request("REGISTER")

        assert phone.registered
        assert (first.call_id, first.cseq.number + 1) == (second.call_id, second.cseq.number)
        phone.vanish()
