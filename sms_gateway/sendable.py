"""What an operator may send: refused before it is queued, while the person who wrote it still looks."""

from hardware.modem.pdu import UnencodableError, encode_submit
from siaga112 import phone
from sms_gateway.errors import UnsendableError

MOST_PARTS = 10
"""TS 23.040 clause 9.2.3.24.1 would allow 255; one part lost makes a text hard to read, and Twilio takes 1600
characters."""

_ROOM = "670 characters, 1530 if all are of the GSM alphabet"
"""Of so many parts: 67 UCS-2 characters or 153 septets in each beside its header (TS 23.038, TS 23.040)."""


def checked_recipient(number: str, country: str) -> str:
    """The number in E.164; raises `UnsendableError` for a name, a short code, or what is no number."""
    if not phone.is_subscriber(number, country):
        raise UnsendableError(f"{number!r} is no number of somebody's phone; right would be +6281… or 081…")
    return phone.normalise(number, country)


def check_text(text: str) -> None:
    """Raise `UnsendableError` for a text that says nothing, or is longer than `MOST_PARTS` messages."""
    if not text.strip():
        raise UnsendableError("the text is empty; right would be the words to send, in quotes")
    try:
        parts = len(encode_submit("+62", text))
    except UnencodableError as error:
        raise UnsendableError(f"{error}; right would be {_ROOM}") from error
    if parts > MOST_PARTS:
        raise UnsendableError(f"the text has {len(text)} characters, {parts} messages; right would be {_ROOM} at most")
