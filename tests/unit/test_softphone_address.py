"""URIs, name-addrs and Vias are read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.softphone.address import NameAddr, SipUri, Via
from hardware.softphone.errors import SipSyntaxError


@pytest.mark.parametrize(
    ("text", "number", "endpoint"),
    [
        ("sip:112@127.0.0.1:5070", "112", ("127.0.0.1", 5070)),
        ("sip:127.0.0.1", "", ("127.0.0.1", 5060)),
        ("SIP:+62812@h;user=phone", "+62812", ("h", 5060)),
        ("sip:+62812;phone-context=id@h", "+62812", ("h", 5060)),
        ("sip:a%20b@h:7?Subject=x", "a b", ("h", 7)),
        ("sip:a:secret@h", "a", ("h", 5060)),
        ("tel:+62812;phone-context=+62", "+62812", ("", 5060)),
        ("sip:a@[::1]:5080", "a", ("::1", 5080)),
    ],
)
def test_uri_is_read(text: str, number: str, endpoint: tuple[str, int]) -> None:
    """The number and the place to send to are found in every form of URI."""
    uri = SipUri.parse(text)

    assert (number, endpoint) == (uri.number, uri.endpoint)


@pytest.mark.parametrize("text", ["", "112", "sip:", "mailto:a@h", "sip:a@h:99999", "sip:a b@h", "sip:a@h>"])
def test_what_is_no_uri_is_refused(text: str) -> None:
    """The error shows the form that would be right."""
    with pytest.raises(SipSyntaxError, match="sip:112@"):
        SipUri.parse(text)


@pytest.mark.parametrize(
    ("text", "name", "number", "tag"),
    [
        ('"Budi \\"B\\" Santoso" <sip:+628@h>;tag=x', 'Budi "B" Santoso', "+628", "x"),
        ("Budi <sip:+628@h;transport=udp>", "Budi", "+628", None),
        ("<tel:+628>;tag=y", "", "+628", "y"),
        ("sip:+628@h;tag=z", "", "+628", "z"),
    ],
)
def test_name_addr_is_read(text: str, name: str, number: str, tag: str | None) -> None:
    """Display name, number and tag come out of every form that RFC 3261 section 20.10 allows."""
    address = NameAddr.parse(text)

    assert (name, number, tag) == (address.display_name, address.uri.number, address.tag)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30))
def test_display_name_survives_the_round_trip(name: str) -> None:
    """Quotes, commas and angle brackets in a name stay in the name."""
    address = NameAddr(SipUri("sip", "+628", "h", 5060), name).tagged("t")

    assert address == NameAddr.parse(str(address))


def test_tag_replaces_the_old_one() -> None:
    """An address never has two tags."""
    assert str(NameAddr.parse("<sip:a@h>;tag=1;x=2").tagged("3")) == "<sip:a@h>;x=2;tag=3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SIP/2.0/UDP 10.0.0.1:5070;branch=b", ("192.0.2.1", 5070)),
        ("SIP/2.0/UDP 10.0.0.1;branch=b", ("192.0.2.1", 5060)),
        ("SIP/2.0/UDP 10.0.0.1:5070;rport;branch=b", ("192.0.2.1", 9999)),
    ],
)
def test_response_goes_back_where_the_request_came_from(text: str, expected: tuple[str, int]) -> None:
    """With rport to the very port (RFC 3581), without to the port of the Via."""
    assert expected == Via.parse(text).reply_to(("192.0.2.1", 9999))
