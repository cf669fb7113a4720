"""Offer and answer for one telephone call (RFC 3264): G.711 audio and telephone events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from hardware.softphone.address import Address
from hardware.softphone.errors import SdpError
from hardware.softphone.g711 import Codec
from hardware.softphone.sdp import AUDIO_PROFILE, Direction, Format, Media, SessionDescription

_EVENT = "telephone-event"
_EVENT_PAYLOAD_TYPE = 101  # dynamic (RFC 3551 section 6); the number that nearly every phone uses

_MIRRORED = {
    Direction.SENDRECV: Direction.SENDRECV,
    Direction.SENDONLY: Direction.RECVONLY,
    Direction.RECVONLY: Direction.SENDONLY,
    Direction.INACTIVE: Direction.INACTIVE,
}


@dataclass(frozen=True)
class Agreement:
    """What both sides settled on, seen by this phone."""

    codec: Codec
    telephone_event: int | None
    remote: Address
    sends: bool


def _ipv4(host: str) -> IPv4Address:
    try:
        return IPv4Address(host)
    except ValueError as wrong:
        raise SdpError(f"the audio's address {host!r} is not an IPv4 address") from wrong


class Negotiation:
    """The offers and answers of one call, from one local address."""

    def __init__(self, here: Address, codecs: tuple[Codec, ...]) -> None:
        self._here = here
        self._codecs = codecs
        self._version = 0

    def offer(self, direction: Direction = Direction.SENDRECV) -> bytes:
        """The description to send when it is our turn to offer; `SENDONLY` puts the peer on hold."""
        formats = tuple(Format(codec.payload_type, codec.name) for codec in self._codecs)
        return self._write((self._own((*formats, Format(_EVENT_PAYLOAD_TYPE, _EVENT)), direction),))

    def accept_answer(self, body: bytes) -> Agreement:
        """What the peer made of our offer; SdpError when nothing is left of it."""
        return self._agreement(self._stream(SessionDescription.parse(body)))

    def answer(self, body: bytes) -> tuple[Agreement, bytes]:
        """Answer an offer: the agreement and the body to send; SdpError when there is no common codec."""
        offered = SessionDescription.parse(body)
        chosen = self._stream(offered)
        agreement = self._agreement(chosen)
        formats = [Format(agreement.codec.payload_type, agreement.codec.name)]
        if agreement.telephone_event is not None:
            formats.append(Format(agreement.telephone_event, _EVENT))
        own = self._own(tuple(formats), _MIRRORED[chosen.direction])
        # RFC 3264 section 6: every stream is mirrored in place; those not served get port 0.
        return agreement, self._write(
            tuple(own if media is chosen else replace(media, port=0) for media in offered.media)
        )

    def _own(self, formats: tuple[Format, ...], direction: Direction) -> Media:
        return Media("audio", self._here[1], AUDIO_PROFILE, formats, self._here[0], direction)

    def _write(self, media: tuple[Media, ...]) -> bytes:
        self._version += 1
        return SessionDescription(media).to_bytes(self._here, self._version)

    def _stream(self, described: SessionDescription) -> Media:
        for media in described.media:
            if media.is_plain_audio:
                return media
        raise SdpError("no plain RTP/AVP audio stream is offered")

    def _agreement(self, media: Media) -> Agreement:
        known = {codec.name: codec for codec in self._codecs}
        # RFC 3264 section 6.1: the offerer's order is the order of preference.
        codecs = [known[item.encoding.upper()] for item in media.formats if item.encoding.upper() in known]
        if not codecs:
            names = ", ".join(item.encoding or str(item.payload_type) for item in media.formats)
            raise SdpError(f"no common codec: offered {names}, known {', '.join(known)}")
        events = [item.payload_type for item in media.formats if item.encoding.lower() == _EVENT]
        # RFC 3264 section 8.4: the unspecified address is how older phones put a call on hold.
        sends = media.direction.receives and not _ipv4(media.host).is_unspecified
        return Agreement(codecs[0], events[0] if events else None, (media.host, media.port), sends)
