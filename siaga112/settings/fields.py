"""The kinds of value a configuration holds: closed sets, checked texts, and the marks that `load` reads.

A check raises `mistake`: what is wrong and what would be right travel apart, so that `load` can put them on one line.
"""

import ipaddress
import re
import zoneinfo
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

PORTS = (1, 65535)


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


def mistake(wrong: str, right: str) -> PydanticCustomError:
    """The error that a check raises; `wrong` quotes no secret."""
    return PydanticCustomError("mistake", "{wrong}; {right}", {"wrong": wrong, "right": right})


def is_one_line(text: str) -> bool:
    """True if nothing in `text` could begin a line of its own in a generated file, a log or a protocol."""
    return text.isprintable()


def one_line(text: str) -> str:
    """Refuse control characters: what is configured ends up in Asterisk's files and in AT commands."""
    if not is_one_line(text):
        raise mistake("holds a line break or control character", "write printable characters on one line")
    return text


def _one_line_secret(secret: SecretStr) -> SecretStr:
    one_line(secret.get_secret_value())
    return secret


def matching(pattern: str, right: str, *, empty: bool = False) -> AfterValidator:
    """A check that the whole text matches `pattern`; `right` says in words what would."""
    expression = re.compile(pattern)

    def check(text: str) -> str:
        if not (empty and text == "") and not expression.fullmatch(text):
            raise mistake(f'"{text}" cannot be used here', right)
        return text

    return AfterValidator(check)


def _secret_matching(pattern: str, right: str) -> AfterValidator:
    expression = re.compile(pattern)

    def check(secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not expression.fullmatch(secret.get_secret_value()):
            raise mistake("its value cannot be used here", right)
        return secret

    return AfterValidator(check)


def _known_timezone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise mistake(f'"{name}" is no time zone', 'write an IANA name such as "Asia/Jakarta"') from None
    return name


def _known_country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise mistake(f'"{code}" is no country', 'write its two capital letters (ISO 3166-1), such as "ID"')
    return code


def is_ip_address(text: str) -> bool:
    """True for an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ip_address(text: str) -> str:
    if not is_ip_address(text):
        raise mistake(f'"{text}" is no IP address', 'write one such as "127.0.0.1", or "0.0.0.0" for every interface')
    return text


def _ip_network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise mistake(f'"{text}" is no address or network', 'write one such as "203.0.113.0/29"') from None
    return text


_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def is_host(text: str) -> bool:
    """True for an IP address (IPv6 without brackets) or a DNS name (RFC 1123 clause 2.1)."""
    if is_ip_address(text):
        return True
    labels = text.rstrip(".").split(".")
    looks_like_address = all(label.isdigit() for label in labels)
    return len(text) <= 253 and not looks_like_address and all(_HOST_LABEL.fullmatch(label) for label in labels)


def split_host_port(text: str) -> tuple[str, int | None] | None:
    """`host`, `host:port` or `[IPv6]:port` in its parts; None if it is none of these."""
    if is_ip_address(text):
        return text, None
    parts = re.fullmatch(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", text)
    if parts is None:
        return None
    host = parts["six"] or parts["host"]
    port = int(parts["port"]) if parts["port"] else None
    in_range = port is None or PORTS[0] <= port <= PORTS[1]
    return (host, port) if is_host(host) and in_range else None


def _host_port(text: str) -> str:
    if split_host_port(text) is None:
        raise mistake(f'"{text}" is no host', 'write host or host:port, such as "203.0.113.10:5060"')
    return text


def _host_or_empty(text: str) -> str:
    if text and not is_host(text):
        raise mistake(f'"{text}" is no host', "write an IP address or a host name")
    return text


def _sip_contact(text: str) -> str:
    """RFC 3261 clause 19.1, without parameters that would reach the dialplan."""
    address = re.fullmatch(
        r"sips?:(?:[A-Za-z0-9_.!~*'()&=+$-]+@)?(?P<where>[^@;?\s]+)(?:;transport=(?:udp|tcp|tls))?", text
    )
    if text and (address is None or split_host_port(address["where"]) is None):
        raise mistake(f'"{text}" is no SIP address', 'write one such as "sip:10.0.0.21:5060"')
    return text


def _split_url(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # urllib checks the port only when asked for it
    except ValueError:
        return None
    return parts


def _http_url(text: str) -> str:
    parts = _split_url(text)
    if text and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or " " in text):
        raise mistake(f'"{text}" is no web address', 'write one such as "https://example.go.id"')
    return text


# The dialects that SQLAlchemy itself ships.
_DIALECTS = ("sqlite", "postgresql", "mysql", "mariadb", "oracle", "mssql")


def _store_url(secret: SecretStr) -> SecretStr:
    scheme, separator, _ = secret.get_secret_value().partition("://")
    if secret.get_secret_value() and (not separator or scheme.split("+")[0] not in _DIALECTS):
        raise mistake("is no database address", 'write one such as "postgresql+psycopg://user@host/siaga112", or ""')
    return secret


def _is_sentinel(rest: str) -> bool:
    hosts, _, name = rest.rpartition("@")[2].partition("/")
    return bool(name) and all(split_host_port(host) is not None for host in hosts.split(","))


def _is_redis_url(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    if not separator:
        return False
    if scheme == "redis+sentinel":
        return _is_sentinel(rest)
    parts = _split_url(text)
    if scheme == "unix":
        return parts is not None and parts.path.startswith("/")
    return scheme in {"redis", "rediss"} and parts is not None and bool(parts.hostname)


def _redis_url(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value() and not _is_redis_url(secret.get_secret_value()):
        raise mistake(
            "is no Redis address", 'write redis://host:6379/0, rediss://…, redis+sentinel://a:26379,b:26379/name, or ""'
        )
    return secret


def _modem_port(text: str) -> str:
    network = text.removeprefix("socket://")
    at = split_host_port(network) if network != text else None
    if text != "simulator" and not text.startswith("/") and (at is None or at[1] is None):
        raise mistake(
            f'"{text}" is no modem port', 'write a device such as "/dev/ttyUSB2", "socket://host:port" or "simulator"'
        )
    return text


def _sender_or_empty(text: str) -> str:
    return _sender(text) if text else text


def _sender(text: str) -> str:
    """TS 23.040 clause 9.1.2.5: an originating address is a number or up to 11 characters of text."""
    is_number = re.fullmatch(r"\+?[0-9 ()-]{2,20}", text)
    is_name = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ._&-]{1,11}", text)
    if not is_number and not is_name:
        raise mistake(f'"{text}" is no sender', 'write a number such as "+628123450001", a short code or a sender name')
    return text


def _to_path(value: object) -> Path | None:
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise mistake(f"{value!r} is no path", 'write a path in quotes, or "" for none')
    one_line(value)
    return Path(value) if value else None


def _to_required_path(value: object) -> Path:
    path = _to_path(value)
    if path is None:
        raise mistake("is empty", "write a path in quotes")
    return path


Text = Annotated[str, AfterValidator(one_line)]
Label = Annotated[str, Field(min_length=1), AfterValidator(one_line)]
Secret = Annotated[SecretStr, AfterValidator(_one_line_secret)]
PinSecret = Annotated[
    SecretStr, _secret_matching("[0-9]{4,8}", "write 4 to 8 digits (TS 11.11 clause 9.3), or nothing")
]
StoreUrl = Annotated[SecretStr, AfterValidator(_one_line_secret), AfterValidator(_store_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(_one_line_secret), AfterValidator(_redis_url)]
Port = Annotated[int, Field(ge=PORTS[0], le=PORTS[1])]
Timezone = Annotated[str, AfterValidator(_known_timezone)]
Country = Annotated[str, AfterValidator(_known_country)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
IpNetwork = Annotated[str, AfterValidator(_ip_network)]
HostPort = Annotated[str, AfterValidator(_host_port)]
OptionalHost = Annotated[str, AfterValidator(_host_or_empty)]
SipContact = Annotated[str, AfterValidator(one_line), AfterValidator(_sip_contact)]
HttpUrl = Annotated[str, AfterValidator(one_line), AfterValidator(_http_url)]
ModemPort = Annotated[str, AfterValidator(one_line), AfterValidator(_modem_port)]
OptionalSender = Annotated[str, AfterValidator(_sender_or_empty), Numbered(short=True)]
Sender = Annotated[str, AfterValidator(_sender), Numbered(short=True)]

# Names and codes become section names of Asterisk's files, Redis keys and parts of environment variables.
Name = Annotated[
    str, matching("[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "write letters, digits, dot, dash or underscore, 40 at most")
]
NodeName = Annotated[
    str, matching("[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "write letters, digits, dot, dash or underscore", empty=True)
]
SiteCode = Annotated[str, matching("[A-Z0-9]{1,10}", 'write 1 to 10 capital letters or digits, such as "BWI"')]
Extension = Annotated[str, matching("[0-9]{2,10}", 'write 2 to 10 digits in quotes, such as "1001"')]
ServiceNumber = Annotated[str, matching("[0-9]{2,15}", 'write digits in quotes, such as "112"')]
FeatureCode = Annotated[str, matching("[*#][*#0-9]{1,7}", 'write * or # and digits, such as "*11"')]
Ussd = Annotated[str, matching("[*#][*#0-9]{0,30}", 'write a code such as "*888#", or "" for none', empty=True)]
Did = Annotated[str, matching(r"\+?[0-9]{2,15}", 'write 2 to 15 digits as the trunk sends them, such as "112"')]
CallerId = Annotated[str, matching(r"\+?[0-9]{2,15}", 'write 2 to 15 digits, or "" for the first DID', empty=True)]

_NUMBER = matching(r"\+?[0-9][0-9 ()-]{1,20}", 'write a telephone number such as "+628123450001"')
_OPTIONAL_NUMBER = matching(
    r"\+?[0-9][0-9 ()-]{1,20}", 'write a telephone number such as "+628123450001", or ""', empty=True
)
PhoneNumber = Annotated[str, _NUMBER, Numbered(short=False)]
OptionalPhoneNumber = Annotated[str, _OPTIONAL_NUMBER, Numbered(short=False)]
DialNumber = Annotated[str, _NUMBER, Numbered(short=True)]
OptionalDialNumber = Annotated[str, _OPTIONAL_NUMBER, Numbered(short=True)]

ExistingFile = Annotated[Path | None, BeforeValidator(_to_path), Located(Kind.FILE)]
ExistingDirectory = Annotated[Path | None, BeforeValidator(_to_path), Located(Kind.DIRECTORY)]
NewDirectory = Annotated[Path | None, BeforeValidator(_to_path), Located(Kind.NEW)]
RequiredDirectory = Annotated[Path, BeforeValidator(_to_required_path), Located(Kind.NEW)]
