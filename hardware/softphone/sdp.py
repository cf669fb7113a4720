"""Session descriptions of one audio stream: reading and writing (RFC 8866)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hardware.softphone.address import Address
from hardware.softphone.errors import SdpError
from hardware.softphone.headers import Header

SDP_TYPE: Header = ("Content-Type", "application/sdp")
AUDIO_PROFILE = "RTP/AVP"  # RFC 3551; anything else, such as RTP/SAVP, is not served


class Direction(Enum):
    """Who sends, seen by the one who wrote the description (RFC 3264 section 5.1)."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def sends(self) -> bool:
        """Whether the writer sends."""
        return self in (Direction.SENDRECV, Direction.SENDONLY)

    @property
    def receives(self) -> bool:
        """Whether the writer wants to receive."""
        return self in (Direction.SENDRECV, Direction.RECVONLY)


@dataclass(frozen=True)
class Format:
    """A payload type and its encoding name, as of `a=rtpmap` (RFC 8866 section 6.6)."""

    payload_type: int
    encoding: str


# RFC 3551 table 4: these two need no rtpmap line.
_STATIC = {0: "PCMU", 8: "PCMA"}


@dataclass(frozen=True)
class Media:
    """One m= section."""

    kind: str
    port: int
    profile: str
    formats: tuple[Format, ...]
    host: str
    direction: Direction

    @property
    def is_plain_audio(self) -> bool:
        """Whether it is a live audio stream without encryption."""
        return self.kind == "audio" and self.profile == AUDIO_PROFILE and self.port > 0


@dataclass(frozen=True)
class SessionDescription:
    """All m= sections, in order; an answer has to mirror every one (RFC 3264 section 6)."""

    media: tuple[Media, ...]

    @classmethod
    def parse(cls, body: bytes) -> SessionDescription:
        """Read a body; SdpError when a line that matters cannot be read."""
        session, *sections = _sections(body.decode("utf-8", "replace"))
        try:
            host = _connection(session) or ""
            direction = _direction(session) or Direction.SENDRECV
            return cls(tuple(_media(section, host, direction) for section in sections))
        except (ValueError, IndexError) as broken:
            raise SdpError(f"the session description is broken: {broken}") from broken

    def to_bytes(self, here: Address, version: int) -> bytes:
        """Write a body whose own stream is at `here`; the version grows with each change (section 5.2)."""
        host = here[0]
        lines = ["v=0", f"o=- {here[1]} {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"]
        for media in self.media:
            lines += _media_lines(media)
        return ("\r\n".join(lines) + "\r\n").encode()


def _media_lines(media: Media) -> list[str]:
    types = " ".join(str(item.payload_type) for item in media.formats) or "0"
    lines = [f"m={media.kind} {media.port} {media.profile} {types}"]
    if not media.port:
        return lines
    lines += [f"a=rtpmap:{item.payload_type} {item.encoding}/8000" for item in media.formats]
    # RFC 4733 section 2.4.1: all sixteen keys.
    lines += [f"a=fmtp:{item.payload_type} 0-15" for item in media.formats if item.encoding == "telephone-event"]
    return [*lines, "a=ptime:20", f"a={media.direction.value}"]


def _sections(text: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append([])
        if line.strip():
            sections[-1].append(line.strip())
    return sections


def _connection(lines: list[str]) -> str | None:
    return next((line[2:].split()[2].partition("/")[0] for line in lines if line.startswith("c=")), None)


def _direction(lines: list[str]) -> Direction | None:
    names = {direction.value: direction for direction in Direction}
    return next((names[line[2:]] for line in lines if line.startswith("a=") and line[2:] in names), None)


def _media(lines: list[str], host: str, direction: Direction) -> Media:
    kind, port, profile, *types = lines[0][2:].split()
    encodings = dict(_rtpmap(line) for line in lines if line.startswith("a=rtpmap:"))
    numbers = [int(item) for item in types if item.isascii() and item.isdigit()]
    formats = tuple(Format(number, encodings.get(number) or _STATIC.get(number, "")) for number in numbers)
    return Media(
        kind,
        _port(port),
        profile,
        formats,
        _connection(lines) or host,
        _direction(lines) or direction,
    )


def _port(text: str) -> int:
    port = int(text.partition("/")[0])
    if not 0 <= port <= 65535:
        raise ValueError(f"there is no port {port}")
    return port


def _rtpmap(line: str) -> tuple[int, str]:
    number, encoding = line.removeprefix("a=rtpmap:").split()[:2]
    name, rate = (*encoding.split("/"), "")[:2]
    # An encoding of another clock rate is another encoding: telephone-event/16000 must not be taken.
    return int(number), name if rate == "8000" else ""
