"""Redis URLs: what is right is read, what is wrong is one line without the password."""

import pytest
from redis import Redis

from redis_queue.connection import connect, connect_for_reading
from redis_queue.errors import UrlError
from redis_queue.url import SentinelUrl, parse_sentinel


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis+sentinel://a/siaga", SentinelUrl((("a", 26379),), "siaga")),
        ("redis+sentinel://a:1,b:2,c/siaga/3", SentinelUrl((("a", 1), ("b", 2), ("c", 26379)), "siaga", 3)),
        ("redis+sentinel://:p%40w@a:1/siaga", SentinelUrl((("a", 1),), "siaga", password="p@w")),
        ("redis+sentinel://u:p@a:1/siaga", SentinelUrl((("a", 1),), "siaga", username="u", password="p")),
        ("redis+sentinel://[::1]:5,[fd00::2]/siaga", SentinelUrl((("::1", 5), ("fd00::2", 26379)), "siaga")),
    ],
)
def test_a_sentinel_url_is_read(url: str, expected: SentinelUrl) -> None:
    """Hosts in order, default port, service, database, the Redis password."""
    assert expected == parse_sentinel(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://localhost",
        "redis://localhost/zero",
        "redis://localhost:port/0",
        "redis://:s3cret@localhost:99999",
        "redis://localhost/0?retries=many",
        "redis://localhost/0?socket_timeout=soon",
        "unix://",
        "redis+sentinel://a:1",
        "redis+sentinel:///siaga",
        "redis+sentinel://a:0/siaga",
        "redis+sentinel://a:70000/siaga",
        "redis+sentinel://a:x/siaga",
        "redis+sentinel://a,,b/siaga",
        "redis+sentinel://a/siaga/zero",
        "redis+sentinel://:s3cret@a/siaga?db=1",
    ],
)
def test_a_wrong_url_is_one_clear_line(url: str) -> None:
    """No traceback, no secret, and what would be right; nothing is connected."""
    with pytest.raises(UrlError) as caught:
        connect(url)

    text = str(caught.value)
    assert "redis+sentinel://" in text
    assert "\n" not in text
    assert "s3cret" not in text


def options(client: Redis) -> dict[str, object]:
    """How the client's connections will be made."""
    known: dict[str, object] = client.connection_pool.connection_kwargs
    client.close()
    return known


@pytest.mark.parametrize("url", ["redis://h:1/2", "rediss://h:1/2", "unix:///s?db=2", "redis+sentinel://h:1/siaga/2"])
def test_every_kind_of_connection_is_short_of_patience_and_sends_once(url: str) -> None:
    """The defaults of the library, 5 s and ten attempts, are nowhere."""
    made = options(connect(url))

    assert (0.5, 2, 2) == (made["socket_timeout"], made["db"], made["protocol"])
    assert 0 == made["retry"].get_retries()  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["redis://h:1/2", "redis+sentinel://h:1/siaga"])
def test_a_blocking_read_is_outwaited_but_connecting_is_not(url: str) -> None:
    """The socket waits longer than BLOCK 3000; a host that is down is known after half a second."""
    made = options(connect_for_reading(url))

    assert (5.0, 0.5) == (made["socket_timeout"], made["socket_connect_timeout"])


def test_a_password_is_not_in_what_is_printed() -> None:
    """A URL that was read may end in a log."""
    assert "s3cret" not in repr(parse_sentinel("redis+sentinel://:s3cret@a/siaga"))
