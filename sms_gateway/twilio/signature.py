"""Whether a post came from Twilio: X-Twilio-Signature over the address that the outside world calls, and the form.

The address is the configured one, never what the request says of its host: behind a proxy that is another, and anybody
can write it. Twilio signs names and values in one string without a mark between them: a signed post can be cut into
other names and values under the same signature. So what makes a message one must have its exact shape.
"""

from enum import StrEnum

from twilio.request_validator import RequestValidator

from sms_gateway.twilio.form import Form
from sms_gateway.twilio.message import has_sid
from sms_gateway.twilio.record import Hook

HEADER = "X-Twilio-Signature"


class Refusal(StrEnum):
    """Why a post is not taken; a person who set up Twilio reads it in the log."""

    NO_PUBLIC_URL = "web.public_url is empty: no signature can be checked"
    NOT_SIGNED = f"no {HEADER}"
    NO_MESSAGE = "signed, but not of the shape of Twilio's posts to this address, or of another account"
    WRONG = "wrong signature: forged, or web.public_url is not the address that Twilio was given"


_MESSAGE_HAS = ("From", "To", "Body")


class SignatureCheck:
    """Checks posts against one account's token."""

    def __init__(self, account_sid: str, auth_token: str, public_url: str) -> None:
        self._account_sid = account_sid
        self._validator = RequestValidator(auth_token)
        self._base = public_url.rstrip("/")

    def refuse(self, path: str, query: str, form: Form, signature: str, *, hook: Hook) -> Refusal | None:
        """None for a post that Twilio signed for `hook`; `path` and `query` as they were requested."""
        if not self._base:
            return Refusal.NO_PUBLIC_URL
        if not signature:
            return Refusal.NOT_SIGNED
        address = f"{self._base}{path}{'?' if query else ''}{query}"
        if not self._validator.validate(address, form, signature):
            return Refusal.WRONG
        return None if self._is_whole(form, hook) else Refusal.NO_MESSAGE

    def _is_whole(self, form: Form, hook: Hook) -> bool:
        parts = _MESSAGE_HAS if hook is Hook.MESSAGE else ()
        return has_sid(form) and form.get("AccountSid") == self._account_sid and all(part in form for part in parts)
