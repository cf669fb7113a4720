"""Digest authentication agrees with the RFC, from both sides."""

from __future__ import annotations

import pytest

from hardware.softphone.digest import Challenge, Credentials
from hardware.softphone.errors import SipSyntaxError
from hardware.softphone.headers import Headers
from hardware.softphone.message import Request
from hardware.softphone.registrar import Registrar

# The example of RFC 2617 section 3.5.
EXAMPLE = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)


def test_answer_is_that_of_the_rfc() -> None:
    """Mufasa proves that he knows the Circle Of Life."""
    challenge = Challenge.parse(EXAMPLE)

    answer = Credentials.answer(
        challenge, "Mufasa", "Circle Of Life", method="GET", uri="/dir/index.html", cnonce="0a4f113b"
    )

    assert answer.response == "6629fae49393a05397450978507c4ef1"
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in str(answer)


def test_answer_without_qop_is_that_of_rfc_2069() -> None:
    """An old registrar asks without qop; then no cnonce may be sent."""
    challenge = Challenge.parse('Digest realm="r", nonce="n"')

    answer = Credentials.answer(challenge, "u", "p", method="REGISTER", uri="sip:h", cnonce="c")

    assert "cnonce" not in str(answer)
    assert answer.prove("p", "REGISTER")


def test_challenge_and_answer_survive_the_wire() -> None:
    """What one side writes the other reads."""
    challenge = Challenge("realm, with comma", "n1", qop_auth=True)
    answer = Credentials.answer(challenge, "u", "p", method="INVITE", uri="sip:112@h", cnonce="c")

    assert challenge == Challenge.parse(str(challenge))
    assert answer == Credentials.parse(str(answer))


@pytest.mark.parametrize("text", ['Basic realm="x"', 'Digest realm="x", nonce="n", algorithm=SHA-256', "Digest", ""])
def test_challenge_that_cannot_be_answered_is_refused(text: str) -> None:
    """Only Digest with MD5 is known."""
    with pytest.raises(SipSyntaxError):
        Challenge.parse(text)


def _register(registrar: Registrar, password: str, *, contact: str = "<sip:u@192.0.2.1:5070>") -> Request:
    answer = Credentials.answer(registrar.challenge(), "u", password, method="REGISTER", uri="sip:h", cnonce="c")
    fields = (("To", "<sip:u@h>"), ("Contact", contact), ("Authorization", str(answer)))
    return Request(Headers(fields), b"", "REGISTER", "sip:h")


def test_registrar_admits_only_who_knows_the_password() -> None:
    """A wrong password, an unknown nonce and no credentials at all are turned away."""
    registrar = Registrar({"u": "p"}, "realm")
    stranger = Registrar({"u": "p"}, "realm")

    assert registrar.admits(_register(registrar, "p"))
    assert not registrar.admits(_register(registrar, "q"))
    assert not registrar.admits(_register(stranger, "p"))
    assert not registrar.admits(Request(Headers(), b"", "REGISTER", "sip:h"))


def test_registrar_knows_where_its_customers_are() -> None:
    """A contact is kept until it is withdrawn with expires=0."""
    registrar = Registrar({"u": "p"}, "realm")

    assert registrar.register(_register(registrar, "p", contact="<sip:u@192.0.2.1:5070>;expires=60")) == 60
    assert str(registrar.contact("u")) == "sip:u@192.0.2.1:5070"
    assert registrar.register(_register(registrar, "p", contact="<sip:u@192.0.2.1:5070>;expires=0")) == 0
    assert registrar.contact("u") is None
