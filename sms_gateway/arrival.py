"""One message that arrived, whole, as tickets and replies are made of it."""

from dataclasses import dataclass
from datetime import datetime

from hardware.modem.pdu import Address, TypeOfNumber
from siaga112 import phone
from tickets.ticketing import Location
from tickets.vocabulary import Channel

# Types of address that name a service or nobody: what looks like a number there is none (TS 23.040 clause 9.1.2.5).
_NOT_DIALLED = frozenset({TypeOfNumber.ALPHANUMERIC, TypeOfNumber.ABBREVIATED})


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a message. ``name`` is E.164 where ``is_subscriber``, else a short code or name as it came, or ""."""

    name: str
    is_subscriber: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as it was read. `key` is the same each time it comes; `pdu` has a line a part.

    `modem` is the line that it came by. `missing`: how many parts did not come in time. `notes` say in a line each what
    came beside the text: a photo, a place.
    """

    key: str
    modem: str
    sender: Sender
    text: str
    pdu: str | None
    at: datetime
    sent_at: datetime | None
    missing: int = 0
    channel: Channel = Channel.SMS
    recipient: str | None = None
    notes: tuple[str, ...] = ()
    location: Location | None = None
    place: str | None = None

    @property
    def account(self) -> str:
        """All that came, as a person reads it: the text to the letter, and the notes below it."""
        return "\n".join(filter(None, (self.text, *self.notes))) if self.notes else self.text

    @property
    def shortfall(self) -> str | None:
        """What a person reads about the parts that did not come; None when all did."""
        return f"incomplete: {self.missing} parts have not come" if self.missing else None


def read_sender(address: Address | None, country: str) -> Sender:
    """Read the originator by its type: a name made of digits is a name, and nobody's number."""
    number = address.number if address else ""
    if address is None or address.type_of_number in _NOT_DIALLED:
        return Sender(number, False)
    if address.type_of_number is TypeOfNumber.INTERNATIONAL and number.startswith("+0"):
        # No country's code begins with 0: the network wrote it as it is dialled, and gave the wrong type.
        number = number.removeprefix("+")
    if address.type_of_number is TypeOfNumber.NATIONAL:
        number = _with_trunk_prefix(number, country)
    return Sender(phone.normalise(number, country), phone.is_subscriber(number, country))


def _with_trunk_prefix(number: str, country: str) -> str:
    """A national number may come without the 0 that tells it from an international one."""
    dialled = f"0{number}"
    return dialled if not number.startswith("0") and phone.is_subscriber(dialled, country) else number
