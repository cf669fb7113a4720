"""What Twilio refuses, and what to do about it: its error codes as one table (https://www.twilio.com/docs/api/errors).

GatewayError
└── TwilioError   a request that failed; `verdict` says what is next
"""

from collections.abc import Mapping
from enum import Enum

from sms_gateway.errors import GatewayError


class Verdict(Enum):
    """What the caller does next."""

    RETRY = "retry"  # the same again, later: Twilio or the way to it is at fault
    OTHER_LINE = "other line"  # not by this channel; a modem, or SMS in place of WhatsApp, may do it
    GIVE_UP = "give up"  # the message or its recipient is at fault: no line will do it, or none may
    ACCOUNT = "account"  # nothing will pass until a person has mended the account or the configuration


CODES: Mapping[int, Verdict] = {
    **dict.fromkeys(
        (
            14107,  # message rate limit exceeded
            20429,  # too many requests
            20500,  # internal error
            20503,  # temporarily not available
            30001,  # queue overflow
            30022,  # rate of the sender's traffic class exceeded
            63018,  # WhatsApp: rate limit of the sender
        ),
        Verdict.RETRY,
    ),
    **dict.fromkeys(
        (
            21211,  # To is no number
            21217,  # no valid number
            21266,  # To and From are the same
            21602,  # no body
            21604,  # no To
            21610,  # the recipient has opted out: to text them by another line would evade it
            21614,  # To is no mobile number
            21617,  # body longer than 1600 characters
            21619,  # no content
            30003,  # handset unreachable
            30004,  # blocked by the recipient or for them
            30005,  # unknown handset
            30006,  # landline, or a carrier that is not reached
            30008,  # unknown error of a carrier
        ),
        Verdict.GIVE_UP,
    ),
    **dict.fromkeys(
        (
            10001,  # account not active
            20003,  # authentication failed
            20005,  # account not active
            20008,  # test credentials
            30002,  # account suspended
        ),
        Verdict.ACCOUNT,
    ),
    30007: Verdict.OTHER_LINE,  # filtered by the carrier, which does not filter its own subscribers' SIMs
    63016: Verdict.OTHER_LINE,  # WhatsApp: free text outside the 24 h after the citizen's last message
}

# Answers that say nothing of the message: too slow, too many.
_RETRYABLE = frozenset({408, 425, 429})
# 404: there is no such account.
_ACCOUNT = frozenset({401, 404})


def classify(code: int | None, status: int | None = None) -> Verdict:
    """What an error code, else the HTTP status, means. What no table knows may pass by another line."""
    known = CODES.get(code or 0)
    if known is not None:
        return known
    if status is not None and (status >= 500 or status in _RETRYABLE):
        return Verdict.RETRY
    return Verdict.ACCOUNT if status in _ACCOUNT else Verdict.OTHER_LINE


class TwilioError(GatewayError):
    """A request failed. `code` is Twilio's own, else the HTTP status. `doubtful`: Twilio may have done it even so."""

    def __init__(self, text: str, verdict: Verdict, *, code: int | None = None, doubtful: bool = False) -> None:
        super().__init__(text if code is None else f"{code}: {text}")
        self.verdict = verdict
        self.code = code
        self.doubtful = doubtful
