"""Connections to Redis, with nothing done behind the caller's back.

redis-py repeats a command whose answer was lost, so that one message becomes two; here no command is ever repeated,
save a claim that found its connection broken (`direct`), which is the same claim however often it is made.
Answers are text: a byte that is no UTF-8, or half a surrogate pair from a modem, becomes a visible backslash escape
instead of an error that would stop a reader for ever at one message.
"""

from enum import StrEnum
from typing import Any, cast
from urllib.parse import urlsplit

from redis import Redis
from redis import exceptions as redis_errors
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from redis_queue.errors import AccessError, NotKeptError, UrlError, translated
from redis_queue.url import is_sentinel, parse_sentinel

TIMEOUT_S = 0.5  # of one command: a caller is on the line while we wait for it
MAX_BLOCK_MS = 3000  # longest XREADGROUP BLOCK
_READING_TIMEOUT_S = MAX_BLOCK_MS / 1000 + 2.0  # outwaits BLOCK, or an empty stream looks like a dead server

_SHAPE = "redis://[user:password@]host:port/db, rediss://…, unix:///path, redis+sentinel://host:port,host:port/service"


class Durability(StrEnum):
    """What a restart of the server costs; the values are those of `appendfsync` where it keeps a file."""

    ALWAYS = "always"  # nothing that was acknowledged
    EVERYSEC = "everysec"  # up to a second
    OS = "no"  # what the operating system had not written yet
    VOLATILE = "volatile"  # everything


def connect(url: str, *, timeout_s: float = TIMEOUT_S) -> Redis:
    """Make a client for `redis://`, `rediss://`, `unix://` or `redis+sentinel://`; it connects at its first command.

    Threads may share it. `timeout_s` bounds each command (connecting too, up to 0.5 s); nothing is ever sent twice.

    Raises:
        UrlError: the URL is none of these.
    """
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "decode_responses": True,
        "encoding_errors": "backslashreplace",
        "retry": no_retry(),
        "protocol": 2,  # one shape of stream replies on every server version
    }
    if not url.startswith("unix:"):
        options["socket_connect_timeout"] = min(timeout_s, TIMEOUT_S)
    if is_sentinel(url):
        return _through_sentinel(url, options)
    try:
        _check_shape(url)
        client = Redis.from_url(url, **options)
        client.connection_pool.make_connection()  # unknown options come to light here, without connecting
    except (ValueError, TypeError) as error:
        raise UrlError(f"the Redis URL cannot be read; right would be {_SHAPE}") from error
    return client


def connect_for_reading(url: str) -> Redis:
    """Make a client for blocking reads (`StreamReader`): its socket outwaits the longest block."""
    return connect(url, timeout_s=_READING_TIMEOUT_S)


def no_retry() -> Retry:
    """Return redis-py's word for sending once."""
    return Retry(NoBackoff(), 0)


def check_keeps(redis: Redis, *, allow_volatile: bool = False) -> Durability:
    """Ask the server whether what it acknowledged survives a restart, and that it evicts nothing when full.

    Raises:
        NotKeptError: it does not (unless `allow_volatile`); the text says how to mend it.
        UnavailableError: it does not answer.
    """
    found, mend = _durability(redis)
    if found is Durability.VOLATILE and not allow_volatile:
        raise NotKeptError(f"{mend}; or set [redis] allow_volatile = true and accept that messages may be lost")
    return found


def _durability(redis: Redis) -> tuple[Durability, str]:
    try:
        with translated():
            config = cast("dict[str, str]", redis.config_get("append*", "maxmemory*"))
    except (redis_errors.ResponseError, AccessError) as error:  # a hosted Redis may forbid CONFIG
        return Durability.VOLATILE, f"Redis does not say whether it keeps its data ({error}): allow CONFIG GET"
    if config.get("appendonly") != "yes":
        return Durability.VOLATILE, "Redis keeps nothing over a restart: set appendonly yes and appendfsync always"
    policy = config.get("maxmemory-policy", "")
    if config.get("maxmemory") != "0" and policy.startswith("allkeys"):
        return Durability.VOLATILE, f"Redis throws keys away when full ({policy}): set maxmemory-policy noeviction"
    return Durability(config["appendfsync"]), ""


def _check_shape(url: str) -> None:
    parts = urlsplit(url)
    database = parts.path.strip("/")
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("scheme")
    if parts.scheme == "unix" and not database:
        raise ValueError("path")
    if parts.scheme != "unix" and database and not database.isdecimal():  # redis-py would silently take database 0
        raise ValueError("database")


class _SentinelRedis(Redis):
    """Closes its connections to the sentinels too, which redis-py leaves open."""

    def close(self) -> None:
        super().close()
        for sentinel in cast(SentinelConnectionPool, self.connection_pool).sentinel_manager.sentinels:
            sentinel.close()


def _through_sentinel(url: str, options: dict[str, Any]) -> Redis:
    where = parse_sentinel(url)
    asking = {**options, "socket_timeout": TIMEOUT_S}
    sentinel = Sentinel(list(where.sentinels), sentinel_kwargs=asking, **options)  # type: ignore[no-untyped-call]
    client = sentinel.master_for(  # type: ignore[no-untyped-call]
        where.service, redis_class=_SentinelRedis, db=where.db, username=where.username, password=where.password
    )
    return cast(Redis, client)
