"""What each refusal of Twilio's leads to."""

import pytest

from sms_gateway.twilio.errors import Verdict, classify
from sms_gateway.twilio.http import rebased

CASES = [
    (21610, 400, Verdict.GIVE_UP),  # opted out
    (21211, 400, Verdict.GIVE_UP),
    (21614, 400, Verdict.GIVE_UP),
    (21617, 400, Verdict.GIVE_UP),
    (30003, None, Verdict.GIVE_UP),
    (30005, None, Verdict.GIVE_UP),
    (20429, 429, Verdict.RETRY),
    (14107, 400, Verdict.RETRY),
    (30001, None, Verdict.RETRY),
    (63018, None, Verdict.RETRY),
    (None, 429, Verdict.RETRY),
    (None, 408, Verdict.RETRY),
    (None, 500, Verdict.RETRY),
    (None, 503, Verdict.RETRY),
    (20500, 500, Verdict.RETRY),
    (99999, 502, Verdict.RETRY),
    (20003, 401, Verdict.ACCOUNT),
    (20003, 403, Verdict.ACCOUNT),
    (None, 401, Verdict.ACCOUNT),
    (20404, 404, Verdict.ACCOUNT),
    (30002, None, Verdict.ACCOUNT),
    (63016, 400, Verdict.OTHER_LINE),  # outside WhatsApp's 24 h
    (63016, None, Verdict.OTHER_LINE),
    (63003, None, Verdict.OTHER_LINE),
    (21612, 400, Verdict.OTHER_LINE),  # no route from this number to that one
    (21408, 403, Verdict.OTHER_LINE),
    (99999, 400, Verdict.OTHER_LINE),
    (None, None, Verdict.OTHER_LINE),
]


@pytest.mark.parametrize(("code", "status", "verdict"), CASES)
def test_verdicts(code: int | None, status: int | None, verdict: Verdict) -> None:
    """The code decides; without one that is known, the HTTP status; what nobody knows may pass by another line."""
    assert verdict is classify(code, status)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://api.twilio.com", "https://api.twilio.com/2010-04-01/A.json?Page=1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/2010-04-01/A.json?Page=1"),
        ("https://proxy.example/twilio/", "https://proxy.example/twilio/2010-04-01/A.json?Page=1"),
    ],
)
def test_other_server(base: str, expected: str) -> None:
    """Every request goes to the configured server, whatever host the library or an answer names."""
    for host in ("https://api.twilio.com", "http://evil.example:9"):
        assert expected == rebased(f"{host}/2010-04-01/A.json?Page=1", base)
