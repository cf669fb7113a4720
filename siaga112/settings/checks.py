"""Checks of single values.

Each raises `mistake`: what is wrong and what would be right travel apart, so that `load` can put them on one line.
"""

import ipaddress
import re
import zoneinfo
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from pydantic import AfterValidator, SecretStr
from pydantic_core import PydanticCustomError

PORTS = (1, 65535)
"""The TCP and UDP ports that a server may have."""


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


def check_one_line_secret(secret: SecretStr) -> SecretStr:
    """`one_line` for a secret, which no message repeats."""
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


def secret_matching(pattern: str, right: str) -> AfterValidator:
    """`matching` for a secret; an empty one is none."""
    expression = re.compile(pattern)

    def check(secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not expression.fullmatch(secret.get_secret_value()):
            raise mistake("its value cannot be used here", right)
        return secret

    return AfterValidator(check)


def check_known_timezone(name: str) -> str:
    """An IANA time zone that this machine has data for."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise mistake(f'"{name}" is no time zone', 'write an IANA name such as "Asia/Jakarta"') from None
    return name


def check_known_country(code: str) -> str:
    """An ISO 3166-1 code that has telephone numbers."""
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


def check_ip_address(text: str) -> str:
    """An IPv4 or IPv6 address."""
    if not is_ip_address(text):
        raise mistake(f'"{text}" is no IP address', 'write one such as "127.0.0.1", or "0.0.0.0" for every interface')
    return text


def check_ip_network(text: str) -> str:
    """An address, or a network without host bits."""
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


def check_host_port(text: str) -> str:
    """What `split_host_port` can split."""
    if split_host_port(text) is None:
        raise mistake(f'"{text}" is no host', 'write host or host:port, such as "203.0.113.10:5060"')
    return text


def check_host_or_empty(text: str) -> str:
    """A host without a port, or nothing."""
    if text and not is_host(text):
        raise mistake(f'"{text}" is no host', "write an IP address or a host name")
    return text


def check_sip_contact(text: str) -> str:
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


def check_http_url(text: str) -> str:
    """An address of HTTP or HTTPS, or nothing."""
    parts = _split_url(text)
    if text and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or " " in text):
        raise mistake(f'"{text}" is no web address', 'write one such as "https://example.go.id"')
    return text


_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL = frozenset({"postgresql", "postgresql+psycopg"})


def _is_store_url(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    if scheme in _SQLITE:
        # A third slash, then the file: one in memory would be another for each process.
        return bool(separator) and rest.startswith("/") and rest[1:].partition("?")[0] not in {"", ":memory:"}
    return bool(separator) and scheme in _POSTGRESQL and _split_url(text) is not None


def check_store_url(secret: SecretStr) -> SecretStr:
    """A SQLAlchemy URL of a database and driver that the store has, or nothing."""
    if secret.get_secret_value() and not _is_store_url(secret.get_secret_value()):
        raise mistake(
            "is no database address that is supported",
            'write one such as "postgresql+psycopg://user@host/siaga112" or "sqlite:////srv/siaga112.db", or ""',
        )
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


def check_redis_url(secret: SecretStr) -> SecretStr:
    """A Redis URL, of sentinels too, or nothing."""
    if secret.get_secret_value() and not _is_redis_url(secret.get_secret_value()):
        raise mistake(
            "is no Redis address", 'write redis://host:6379/0, rediss://…, redis+sentinel://a:26379,b:26379/name, or ""'
        )
    return secret


def check_modem_port(text: str) -> str:
    """A device, `socket://host:port` behind ser2net, or `simulator`."""
    network = text.removeprefix("socket://")
    at = split_host_port(network) if network != text else None
    if text != "simulator" and not text.startswith("/") and (at is None or at[1] is None):
        raise mistake(
            f'"{text}" is no modem port', 'write a device such as "/dev/ttyUSB2", "socket://host:port" or "simulator"'
        )
    return text


def check_sender_or_empty(text: str) -> str:
    """`check_sender`, or nothing."""
    return check_sender(text) if text else text


def check_sender(text: str) -> str:
    """TS 23.040 clause 9.1.2.5: an originating address is a number or up to 11 characters of text."""
    is_number = re.fullmatch(r"\+?[0-9 ()-]{2,20}", text)
    is_name = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ._&-]{1,11}", text)
    if not is_number and not is_name:
        raise mistake(f'"{text}" is no sender', 'write a number such as "+628123450001", a short code or a sender name')
    return text


def to_path(value: object) -> Path | None:
    """A path from text; None for none. It runs before the type is checked."""
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise mistake(f"{value!r} is no path", 'write a path in quotes, or "" for none')
    one_line(value)
    return Path(value) if value else None


def to_required_path(value: object) -> Path:
    """`to_path` where there must be one."""
    path = to_path(value)
    if path is None:
        raise mistake("is empty", "write a path in quotes")
    return path
