"""Closed sets of values, and the marks on fields that `places` reads."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Language(StrEnum):
    """What the prompts and replies exist in (ISO 639-1)."""

    ID = "id"
    EN = "en"
    JV = "jv"


class Transport(StrEnum):
    """What carries SIP (RFC 3261 clause 18)."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Codec(StrEnum):
    """Speech codecs by Asterisk's names: G.711 A-law and µ-law, G.722."""

    ALAW = "alaw"
    ULAW = "ulaw"
    G722 = "g722"


class Dtmf(StrEnum):
    """How a pressed key travels: RFC 4733 events, SIP INFO, tones in the speech, or whichever is offered."""

    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"
    AUTO = "auto"


class Kind(Enum):
    """What a path must lead to before the program starts."""

    FILE = auto()
    DIRECTORY = auto()
    NEW = auto()


@dataclass(frozen=True, slots=True)
class Located:
    """Marks a path: relative to the configuration file, and of this kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Numbered:
    """Marks a telephone number: read for the site's country, kept as E.164 where it is one."""

    short: bool
