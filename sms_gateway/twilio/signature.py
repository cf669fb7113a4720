"""Whether a post came from Twilio: X-Twilio-Signature over the address that the outside world calls, and the form.

The address is the configured one, never what the request says of its host: behind a proxy that is another, and anybody
can write it.
"""

from enum import StrEnum

from twilio.request_validator import RequestValidator

from sms_gateway.twilio.form import Form

HEADER = "X-Twilio-Signature"


class Refusal(StrEnum):
    """Why a post is not taken; a person who set up Twilio reads it in the log."""

    NO_PUBLIC_URL = "web.public_url is empty: no signature can be checked"
    NOT_SIGNED = f"no {HEADER}"
    WRONG = "wrong signature: forged, or web.public_url is not the address that Twilio was given"


class SignatureCheck:
    """Checks posts against one account's token."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._base = public_url.rstrip("/")

    def refuse(self, path: str, query: str, form: Form, signature: str) -> Refusal | None:
        """None for a post that Twilio signed; `path` and `query` as they were requested."""
        if not self._base:
            return Refusal.NO_PUBLIC_URL
        if not signature:
            return Refusal.NOT_SIGNED
        address = f"{self._base}{path}{'?' if query else ''}{query}"
        return None if self._validator.validate(address, form, signature) else Refusal.WRONG
