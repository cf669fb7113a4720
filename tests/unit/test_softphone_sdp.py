"""Offers are answered as RFC 3264 asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.softphone.errors import SdpError
from hardware.softphone.g711 import Codec
from hardware.softphone.negotiation import Agreement, Negotiation
from hardware.softphone.sdp import SessionDescription

BOTH = (Codec.PCMA, Codec.PCMU)
HERE = ("127.0.0.5", 30000)


def _offer(media: str, connection: str = "c=IN IP4 192.0.2.9") -> bytes:
    return f"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\n{connection}\r\nt=0 0\r\n{media}".encode()


def test_two_of_our_own_agree() -> None:
    """Offer and answer of the same phone lead to the same terms on both sides."""
    caller, callee = Negotiation(("127.0.0.2", 40000), BOTH), Negotiation(HERE, BOTH)

    at_callee, body = callee.answer(caller.offer())
    at_caller = caller.accept_answer(body)

    assert Agreement(Codec.PCMA, 101, ("127.0.0.2", 40000), sends=True) == at_callee
    assert Agreement(Codec.PCMA, 101, HERE, sends=True) == at_caller


@pytest.mark.parametrize(
    ("label", "media", "expected"),
    [
        ("static types without rtpmap", "m=audio 9000 RTP/AVP 0 8\r\n", (Codec.PCMU, None)),
        (
            "offerer's order and numbers count",
            "m=audio 9000 RTP/AVP 3 8 0 96\r\na=rtpmap:96 telephone-event/8000\r\n",
            (Codec.PCMA, 96),
        ),
        (
            "events of another clock rate are not taken",
            "m=audio 9000 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/16000\r\n",
            (Codec.PCMU, None),
        ),
    ],
)
def test_codec_and_event_type_are_the_offerers(label: str, media: str, expected: tuple[Codec, int | None]) -> None:
    """RFC 3264 section 6.1: the answer keeps the offer's preferences and payload types."""
    agreement, body = Negotiation(HERE, BOTH).answer(_offer(media))

    assert expected == (agreement.codec, agreement.telephone_event)
    answered = SessionDescription.parse(body).media[0].formats
    assert [item for item in (expected[0].payload_type, expected[1]) if item is not None] == [
        item.payload_type for item in answered
    ]


@pytest.mark.parametrize(
    ("label", "lines", "connection", "sends", "mirrored"),
    [
        ("normal", "", "c=IN IP4 192.0.2.9", True, "a=sendrecv"),
        ("hold", "a=sendonly\r\n", "c=IN IP4 192.0.2.9", False, "a=recvonly"),
        ("listen", "a=recvonly\r\n", "c=IN IP4 192.0.2.9", True, "a=sendonly"),
        ("both silent", "a=inactive\r\n", "c=IN IP4 192.0.2.9", False, "a=inactive"),
        ("hold as older phones do", "", "c=IN IP4 0.0.0.0", False, "a=sendrecv"),
    ],
)
def test_hold_is_honoured(label: str, lines: str, connection: str, sends: bool, mirrored: str) -> None:
    """Nothing is sent to a peer that does not want to receive (RFC 3264 section 6.1)."""
    agreement, body = Negotiation(HERE, BOTH).answer(_offer(f"m=audio 9000 RTP/AVP 8\r\n{lines}", connection))

    assert sends == agreement.sends
    assert mirrored in body.decode()


def test_other_streams_are_refused_in_place() -> None:
    """Video stays in the answer, with port 0 (RFC 3264 section 6)."""
    media = "m=video 9002 RTP/AVP 34\r\nm=audio 9000 RTP/AVP 8\r\nc=IN IP4 192.0.2.10\r\n"

    agreement, body = Negotiation(HERE, BOTH).answer(_offer(media))

    assert agreement.remote == ("192.0.2.10", 9000)
    assert [(item.kind, item.port) for item in SessionDescription.parse(body).media] == [("video", 0), ("audio", 30000)]


def test_version_grows_with_every_description() -> None:
    """RFC 3264 section 8: a changed description is recognised by its version."""
    negotiation = Negotiation(HERE, BOTH)

    versions = [negotiation.offer().split(b"\r\n")[1].split()[2] for _ in range(2)]

    assert versions == [b"1", b"2"]


@pytest.mark.parametrize(
    ("label", "media"),
    [
        ("no common codec", "m=audio 9000 RTP/AVP 18\r\n"),
        ("encrypted", "m=audio 9000 RTP/SAVP 8\r\n"),
        ("stream refused", "m=audio 0 RTP/AVP 8\r\n"),
        ("no audio", "m=video 9000 RTP/AVP 34\r\n"),
        ("no media", ""),
        ("name in place of an address", "m=audio 9000 RTP/AVP 8\r\nc=IN IP4 example.invalid\r\n"),
        ("port out of range", "m=audio 70000 RTP/AVP 8\r\n"),
    ],
)
def test_offer_that_cannot_be_served_is_refused(label: str, media: str) -> None:
    """The caller then gets 488 instead of a call without sound."""
    with pytest.raises(SdpError):
        Negotiation(HERE, BOTH).answer(_offer(media))


@given(st.text(max_size=200).map(lambda noise: _offer(f"m=audio 9000 RTP/AVP 8\r\n{noise}")) | st.binary(max_size=200))
def test_any_body_gives_an_agreement_or_an_error(body: bytes) -> None:
    """No other exception leaves the negotiation."""
    try:
        agreement, _ = Negotiation(HERE, BOTH).answer(body)
    except SdpError:
        return
    assert agreement.codec in BOTH
