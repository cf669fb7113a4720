"""What a connection promises: sent once, answered in time, and a server that keeps what it is given."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from redis_queue.connection import Durability, check_keeps, connect
from redis_queue.errors import AccessError, NotKeptError, UnavailableError, translated
from redis_queue.streams import Stream
from tests.support.redis_server import RedisServer


def test_what_was_sent_into_silence_is_never_sent_again(redis_server: RedisServer, redis_client: Redis) -> None:
    """A server that answers too late has one entry, not one for each attempt."""
    impatient = connect(redis_server.url, timeout_s=0.1)
    impatient.ping()  # its connection stands: only the entry itself meets the silence
    stream = Stream(redis_client, "stream")
    redis_server.freeze()
    with pytest.raises(UnavailableError):
        Stream(impatient, "stream").add({"pdu": "a"})
    redis_server.thaw()

    deadline = time.monotonic() + 10
    while stream.length() == 0:
        assert time.monotonic() < deadline, "what was sent never arrived"
    impatient.ping()  # after all that was sent before
    assert 1 == stream.length()
    impatient.close()


def test_our_own_server_keeps_everything(redis_client: Redis) -> None:
    """The configuration that we ship passes the check that others must pass."""
    assert Durability.ALWAYS is check_keeps(redis_client)


@pytest.fixture
def configured(redis_client: Redis) -> Iterator[Redis]:
    """A client that may change the server's settings; they are as before after the test."""
    before = redis_client.config_get("append*", "maxmemory*")
    yield redis_client
    for name in ("appendonly", "appendfsync", "maxmemory-policy", "maxmemory"):
        redis_client.config_set(name, before[name])


@pytest.mark.parametrize(("appendfsync", "expected"), [("everysec", Durability.EVERYSEC), ("no", Durability.OS)])
def test_what_a_crash_may_cost_is_told(configured: Redis, appendfsync: str, expected: Durability) -> None:
    """A server that keeps, but not at once, is taken and named."""
    configured.config_set("appendfsync", appendfsync)

    assert expected is check_keeps(configured)


@pytest.mark.parametrize(
    ("settings", "mend"),
    [
        ({"appendonly": "no"}, "set appendonly yes"),
        ({"maxmemory": "1gb", "maxmemory-policy": "allkeys-lru"}, "set maxmemory-policy noeviction"),
    ],
    ids=["memory only", "evicts"],
)
def test_a_server_that_forgets_is_refused_with_the_mend(configured: Redis, settings: dict[str, str], mend: str) -> None:
    """One line that says what to change; who accepts the loss says so in the configuration."""
    for name, value in settings.items():
        configured.config_set(name, value)

    with pytest.raises(NotKeptError) as caught:
        check_keeps(configured)
    assert mend in str(caught.value)
    assert "allow_volatile" in str(caught.value)
    assert Durability.VOLATILE is check_keeps(configured, allow_volatile=True)


def test_a_server_that_does_not_tell_is_taken_for_one_that_forgets(
    redis_server: RedisServer, redis_client: Redis
) -> None:
    """A hosted Redis may forbid CONFIG."""
    redis_client.acl_setuser("guest", enabled=True, passwords=["+guest"], categories=["+@all"], commands=["-config"])
    guest = connect(f"{redis_server.url}?username=guest&password=guest")

    with pytest.raises(NotKeptError, match="allow CONFIG GET"):
        check_keeps(guest)
    guest.close()
    redis_client.acl_deluser("guest")


def test_a_wrong_password_is_no_outage(redis_server: RedisServer) -> None:
    """Trying again would never help, and the password is not in the text."""
    client = connect(f"{redis_server.url}?username=nobody&password=s3cret")

    with pytest.raises(AccessError) as caught:
        Stream(client, "stream").length()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("many", [False, True], ids=["one", "pipeline"])
def test_a_full_server_is_an_outage_and_tells_no_content(configured: Redis, many: bool) -> None:
    """Memory full: later may do, and what a citizen wrote is not in the error."""
    configured.config_set("maxmemory", "1")
    stream = Stream(configured, "stream")

    with pytest.raises(UnavailableError) as caught:
        stream.add_all([{"text": "rahasia"}] * 2) if many else stream.add({"text": "rahasia"})
    assert "Redis: OOM" in str(caught.value) or "maxmemory" in str(caught.value)
    assert "rahasia" not in str(caught.value)


class Sentinel:
    """A Sentinel that watches one server; both on loopback ports of their own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, *settings: str, sentinel: bool = False) -> None:
        """Start a redis-server in one role or the other."""
        config = self.directory / f"{name}.conf"
        folder = self.directory / name
        folder.mkdir()
        config.write_text("\n".join([f"dir {folder}", f"logfile {folder}/log", "bind 127.0.0.1", *settings]) + "\n")
        command = ["redis-server", str(config), *(["--sentinel"] if sentinel else [])]
        self.processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))

    def stop(self) -> None:
        """Kill all, delete all."""
        for process in self.processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.directory)


@pytest.fixture
def sentinel_url() -> Iterator[str]:
    """A Sentinel that knows a master called `siaga`."""
    master, sentinel = free_ports()
    setup = Sentinel(Path(tempfile.mkdtemp(prefix="siaga-sentinel-", dir="/tmp")))
    setup.start("master", f"port {master}", "requirepass pw", "save ''")
    setup.start(
        "sentinel",
        f"port {sentinel}",
        f"sentinel monitor siaga 127.0.0.1 {master} 1",
        "sentinel auth-pass siaga pw",
        sentinel=True,
    )
    yield f"redis+sentinel://:pw@127.0.0.1:1,127.0.0.1:{sentinel}/siaga/2"
    setup.stop()


def test_the_master_is_found_through_a_sentinel_that_lives(sentinel_url: str) -> None:
    """The first Sentinel of the list is down; the second leads to the master, its password and its database."""
    client = connect(sentinel_url)
    stream = Stream(client, "stream")
    deadline = time.monotonic() + 10
    while not answers(client):
        assert time.monotonic() < deadline, "no master through Sentinel"
    stream.add({"pdu": "a"})

    assert (1, 2) == (stream.length(), client.connection_pool.connection_kwargs["db"])
    client.close()


def free_ports() -> tuple[int, int]:
    """Two TCP ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def answers(client: Redis) -> bool:
    """Whether the server is there yet."""
    try:
        with translated():
            return bool(client.ping())
    except UnavailableError:
        return False
