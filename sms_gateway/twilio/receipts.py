"""What Twilio reports of a message of ours: the MessageStatus of its status callbacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sms_gateway.twilio.form import Form
from sms_gateway.twilio.message import key_of
from tickets.vocabulary import MessageState

FINAL: Mapping[str, MessageState] = {
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
"""The last words. Of those before (accepted, queued, sending, sent) we know more already, or nothing that matters."""


@dataclass(frozen=True, slots=True)
class TwilioReceipt:
    """A last word about the message `key`; `code` and `error` say why it failed."""

    key: str
    state: MessageState
    code: int | None
    error: str | None

    @classmethod
    def read(cls, form: Form) -> "TwilioReceipt | None":
        """Read a post; None for a state on the way. Raises `FaultyRecordError` when it has no MessageSid."""
        key = key_of(form)
        status = form.get("MessageStatus") or form.get("SmsStatus", "")
        state = FINAL.get(status)
        if state is None:
            return None
        digits = form.get("ErrorCode", "")
        code = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else None
        said = (str(code) if code else "", status, form.get("ErrorMessage", ""))
        error = ": ".join(filter(None, said)) if state is MessageState.FAILED else None
        return cls(key, state, code, error)
