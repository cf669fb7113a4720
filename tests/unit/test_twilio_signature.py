"""Only what Twilio signed, for the address that we are known by, comes in."""

import pytest

from sms_gateway.twilio.form import MOST_FIELDS, Form
from sms_gateway.twilio.record import Hook
from sms_gateway.twilio.signature import Refusal, SignatureCheck

TOKEN = "12345"
ACCOUNT = "AC" + "0" * 32
PATH = "/myapp.php"
FORM = Form.of(
    CallSid="CA1234567890ABCDE", Caller="+14158675309", Digits="1234", From="+14158675309", To="+18005551212"
)
# The example of Twilio's own documentation of request validation.
PUBLISHED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
PUBLIC_URL = "https://mycompany.com"


def values(form: Form) -> dict[str, list[str]]:
    """All that a form holds."""
    return {name: form.getlist(name) for name in form}


def refusal(
    *,
    public_url: str = PUBLIC_URL,
    path: str = PATH,
    query: str = "foo=1&bar=2",
    form: Form = FORM,
    signature: str = PUBLISHED,
    token: str = TOKEN,
) -> Refusal | None:
    """What becomes of the published request with one thing changed."""
    return SignatureCheck(ACCOUNT, token, public_url).refuse(path, query, form, signature, hook=Hook.MESSAGE)


def test_published_example() -> None:
    """The signature that Twilio publishes for this request is right; it is about a call, and so no message."""
    assert Refusal.NO_MESSAGE is refusal()


@pytest.mark.parametrize(
    "public_url", ["https://mycompany.com/", "https://mycompany.com:443", "https://mycompany.com:8443"]
)
def test_same_address_written_otherwise(public_url: str) -> None:
    """A slash at the end of the configured address, or a port, which Twilio may sign or not, make no difference."""
    assert Refusal.NO_MESSAGE is refusal(public_url=public_url)


@pytest.mark.parametrize(
    "changed",
    [
        {"public_url": "http://mycompany.com"},
        {"public_url": "https://mycompany.com.evil.example"},
        {"public_url": "https://other.example"},
        {"public_url": "https://mycompany.com/siaga"},
        {"path": PATH + "/"},
        {"path": "/"},
        {"query": ""},
        {"query": "foo=1&bar=2&x=3"},
        {"form": Form({})},
        {"form": Form(values(FORM) | {"Digits": ["1235"]})},
        {"form": Form(values(FORM) | {"Digits": ["1234", "5"]})},
        {"form": Form(values(FORM) | {"Body": [""]})},
        {"signature": PUBLISHED.lower()},
        {"signature": PUBLISHED[:-1]},
        {"signature": PUBLISHED + "="},
        {"signature": "ñ" * len(PUBLISHED)},
        {"token": "12346"},
        {"token": ""},
    ],
    ids=str,
)
def test_anything_changed(changed: dict[str, str]) -> None:
    """Another scheme, host, port, path, query, field, signature or token is refused."""
    assert Refusal.WRONG is refusal(**changed)  # type: ignore[arg-type]


def test_not_signed() -> None:
    """A request without a signature is told apart: it is a stranger's, or a browser's."""
    assert Refusal.NOT_SIGNED is refusal(signature="")


def test_no_public_url() -> None:
    """Where nobody said what the outside world calls us, nothing can be checked, so nothing comes in."""
    assert Refusal.NO_PUBLIC_URL is refusal(public_url="")


def test_form_survives_the_stream() -> None:
    """A form is the same after it was written and read: order, repeated names, empty values, emoji."""
    form = Form.parse(b"Body=Api%20%F0%9F%94%A5&A=1&A=2&Leer=&%00=%0A")

    assert values(form) == values(Form.parse(form.encode().encode()))
    assert ["1", "2"] == form.getlist("A")
    assert ("Api 🔥", "") == (form["Body"], form["Leer"])


@pytest.mark.parametrize("body", [b"", b"&&&", b"=%", b"\xff\xfe", b"a=%ff", b"&a=1" * (MOST_FIELDS + 1)])
def test_form_of_any_octets(body: bytes) -> None:
    """Any body gives a form that can be checked and kept, and no more work than a form of Twilio's."""
    form = Form.parse(body)

    assert Refusal.WRONG is refusal(form=form)
    assert len(form) <= MOST_FIELDS
    assert form.encode().encode() == Form.parse(form.encode().encode()).encode().encode()
