"""`redis+sentinel://`, which redis-py does not read by itself."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from redis_queue.errors import UrlError

SENTINEL_SCHEME = "redis+sentinel"
SENTINEL_PORT = 26379  # Redis Sentinel's registered default
_SHAPE = f"{SENTINEL_SCHEME}://[user:password@]host:port,host:port/service[/db]"


@dataclass(frozen=True)
class SentinelUrl:
    """Where the sentinels are, and which service they watch; user and password are those of the Redis behind them."""

    sentinels: tuple[tuple[str, int], ...]
    service: str
    db: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def is_sentinel(url: str) -> bool:
    """Whether the URL is for `parse_sentinel`."""
    return url.startswith(f"{SENTINEL_SCHEME}://")


def parse_sentinel(url: str) -> SentinelUrl:
    """Read `redis+sentinel://[user:password@]host:port,host:port/service[/db]`; a missing port is 26379.

    Raises:
        UrlError: anything else.
    """
    parts = urlsplit(url)
    user, _, hosts = parts.netloc.rpartition("@")
    username, _, password = user.partition(":")
    service, _, db = parts.path.strip("/").partition("/")
    if not is_sentinel(url) or not service or parts.query or not (db or "0").isdecimal():
        raise UrlError(f"a Redis URL for Sentinel reads {_SHAPE}")
    return SentinelUrl(
        sentinels=tuple(_host_port(item) for item in hosts.split(",")),
        service=unquote(service),
        db=int(db or "0"),
        username=unquote(username) or None,
        password=unquote(password) or None,
    )


def _host_port(item: str) -> tuple[str, int]:
    if item.startswith("["):  # IPv6 literal, RFC 3986 section 3.2.2
        host, _, port = item[1:].partition("]")
        port = port.removeprefix(":")
    else:
        host, _, port = item.partition(":")
    if not host or not (port or "1").isdecimal() or not 0 < int(port or "1") < 65536:
        raise UrlError(f"{item!r} is no host:port; a Redis URL for Sentinel reads {_SHAPE}")
    return host, int(port or SENTINEL_PORT)
