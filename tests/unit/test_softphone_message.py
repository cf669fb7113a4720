"""SIP messages are read generously and written strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.softphone.errors import SipSyntaxError
from hardware.softphone.headers import Headers
from hardware.softphone.message import CSeq, Request, Response, parse_message

INVITE = (
    b"INVITE sip:112@127.0.0.1:5060 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.2:5062;rport;branch=z9hG4bKa\r\n"
    b"From: <sip:+628@127.0.0.2>;tag=a\r\n"
    b"To: <sip:112@127.0.0.1>\r\n"
    b"Call-ID: one\r\n"
    b"CSeq: 1 INVITE\r\n"
)


def test_request_survives_the_round_trip() -> None:
    """What is written is what is read, body included."""
    message = parse_message(INVITE + b"Content-Length: 4\r\n\r\nv=0\n")

    assert isinstance(message, Request)
    assert (message.method, message.uri, message.body) == ("INVITE", "sip:112@127.0.0.1:5060", b"v=0\n")
    again = parse_message(Request(Headers(message.headers.fields[:-1]), message.body, "INVITE", message.uri).to_bytes())
    assert message == again


def test_response_survives_the_round_trip() -> None:
    """A status line keeps its number and its phrase."""
    message = parse_message(INVITE.replace(INVITE.split(b"\r\n")[0], b"SIP/2.0 486 Busy Here") + b"\r\n")

    assert isinstance(message, Response)
    assert (message.status, message.phrase) == (486, "Busy Here")
    assert message.to_bytes().startswith(b"SIP/2.0 486 Busy Here\r\n")


def test_compact_names_and_folded_lines_are_understood() -> None:
    """RFC 3261 section 7.3: short names, continued lines, blanks before the colon, bare line feeds."""
    text = (
        b"BYE sip:a@h SIP/2.0\n"
        b"v: SIP/2.0/UDP h1;branch=z9hG4bK1,\n  SIP/2.0/UDP h2;branch=z9hG4bK2\n"
        b"f : <sip:b@h>;tag=1\nt: <sip:a@h>;tag=2\ni: x\nCSeq:\t7  bye\nl: 0\n\n"
    )

    message = parse_message(text)

    assert message.headers.all("Via") == ("SIP/2.0/UDP h1;branch=z9hG4bK1", "SIP/2.0/UDP h2;branch=z9hG4bK2")
    assert ("x", CSeq(7, "BYE")) == (message.call_id, message.cseq)


def test_several_vias_keep_their_order() -> None:
    """The topmost Via is the one that the transaction is named after."""
    second = b"Via: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKb\r\n"

    message = parse_message(INVITE + second + b"\r\n")

    assert [via.rpartition("=")[2] for via in message.headers.all("v")] == ["z9hG4bKa", "z9hG4bKb"]


def test_commas_inside_quotes_and_brackets_do_not_split() -> None:
    """A display name or a URI with a comma stays one contact."""
    headers = Headers((("Contact", '"Santoso, Budi" <sip:a@h;x=1,2>, <sip:b@h>'),))

    assert headers.all("m") == ('"Santoso, Budi" <sip:a@h;x=1,2>', "<sip:b@h>")


def test_bytes_after_the_body_are_left_out() -> None:
    """RFC 3261 section 18.3: over UDP the datagram may be longer than the message."""
    message = parse_message(INVITE + b"Content-Length: 2\r\n\r\nabXYZ")

    assert message.body == b"ab"


@pytest.mark.parametrize("name", ["Via", "From", "To", "Call-ID", "CSeq"])
def test_message_without_a_field_it_needs_is_refused(name: str) -> None:
    """The error names the missing field."""
    lines = [line for line in INVITE.split(b"\r\n") if not line.startswith(name.encode() + b":")]

    with pytest.raises(SipSyntaxError, match=name):
        parse_message(b"\r\n".join(lines) + b"\r\n")


@pytest.mark.parametrize(
    ("label", "datagram"),
    [
        ("no start line", b"hello\r\n" + INVITE.partition(b"\r\n")[2] + b"\r\n"),
        ("another protocol", INVITE.replace(b" SIP/2.0\r\n", b" HTTP/1.1\r\n") + b"\r\n"),
        ("no colon", INVITE + b"broken\r\n\r\n"),
        ("body too short", INVITE + b"Content-Length: 9\r\n\r\nabc"),
        ("length not a number", INVITE + b"Content-Length: \xc2\xb2\r\n\r\nabc"),
        ("sequence not a number", INVITE.replace(b"1 INVITE", b"one INVITE") + b"\r\n"),
    ],
)
def test_what_is_not_sip_is_refused(label: str, datagram: bytes) -> None:
    """Each is a SipSyntaxError and nothing else."""
    with pytest.raises(SipSyntaxError):
        parse_message(datagram)


def test_line_break_in_a_header_of_ours_is_refused() -> None:
    """A display name cannot smuggle a header into the message."""
    request = Request(Headers((("From", "x\r\nRoute: <sip:evil>"),)), b"", "OPTIONS", "sip:a@h")

    with pytest.raises(SipSyntaxError):
        request.to_bytes()


@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda noise: INVITE + noise))
def test_any_bytes_give_a_message_or_a_syntax_error(datagram: bytes) -> None:
    """No other exception leaves the parser; what it accepts has what a transaction needs."""
    try:
        message = parse_message(datagram)
    except SipSyntaxError:
        return
    assert message.cseq.number >= 0
    assert all(message.headers.first(name) is not None for name in ("Via", "From", "To", "Call-ID"))
