"""A citizen's message as Twilio posts it: text, photos, a place (Twilio's "webhook request" guide names the fields)."""

import re
from dataclasses import dataclass

from sms_gateway.errors import FaultyRecordError
from sms_gateway.twilio import address
from sms_gateway.twilio.form import Form
from tickets.ticketing import Location
from tickets.vocabulary import Channel

KEY = "twilio:"
MOST_MEDIA = 10
"""Files that one message may have."""

_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_KINDS = {"image": "Foto", "video": "Video", "audio": "Suara"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioMessage:
    """One message; numbers without their channel. `notes` say in a line each what came beside the text."""

    key: str
    channel: Channel
    sender: str
    recipient: str
    text: str
    notes: tuple[str, ...]
    location: Location | None
    place: str | None

    @classmethod
    def read(cls, form: Form) -> "TwilioMessage":
        """Read a post; raises `FaultyRecordError` when it has no MessageSid."""
        channel, sender = address.split(form.get("From", ""))
        location, place = _location(form), form.get("Label") or form.get("Address") or None
        text = form.get("Body", "")
        return cls(
            key=key_of(form),
            channel=channel,
            sender=sender,
            recipient=address.split(form.get("To", ""))[1],
            text=text,
            notes=(*(() if text else _place_note(location, place)), *_media_notes(form)),
            location=location,
            place=place,
        )


def has_sid(form: Form) -> bool:
    """Whether it names a message by an SID as Twilio makes them: SM or MM and 32 hexadecimal digits."""
    return _SID.fullmatch(form.get("MessageSid", "")) is not None


def key_of(form: Form) -> str:
    """What makes it the same message when it comes again; raises `FaultyRecordError`."""
    if not has_sid(form):
        raise FaultyRecordError("no post of Twilio's: MessageSid is missing, or not SM or MM and 32 hexadecimal digits")
    return KEY + form["MessageSid"]


def _location(form: Form) -> Location | None:
    try:
        lat, lon = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    return Location(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _place_note(location: Location | None, place: str | None) -> tuple[str, ...]:
    if location is None:
        return ()
    return (f"Lokasi: {location.lat}, {location.lon}" + (f" ({place})" if place else ""),)


def _media_notes(form: Form) -> tuple[str, ...]:
    urls = ((form.get(f"MediaUrl{index}"), form.get(f"MediaContentType{index}", "")) for index in range(MOST_MEDIA))
    return tuple(f"{_KINDS.get(kind.partition('/')[0], 'Berkas')}: {url}" for url, kind in urls if url)
