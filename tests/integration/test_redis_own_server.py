"""The private redis-server: what its configuration says is what the server does."""

import stat
from pathlib import Path

import pytest
from redis import Redis

from redis_queue.errors import DirectoryError
from redis_queue.server import CONFIG_NAME, command, pid, ping, write_config
from tests.support.redis_server import RedisServer


def test_it_listens_for_its_owner_on_its_socket_alone(redis_server: RedisServer, redis_client: Redis) -> None:
    """No port, and no other user of the machine."""
    assert "0" == redis_client.config_get("port")["port"]
    assert 0o700 == stat.S_IMODE(redis_server.socket_path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(redis_server.data.stat().st_mode)


def test_its_process_can_be_found_to_adopt_or_stop(redis_server: RedisServer) -> None:
    """The pid file names the process that answers."""
    assert redis_server.pid == pid(redis_server.data)
    assert ping(redis_server.socket_path)


def test_a_killed_or_frozen_server_does_not_answer(redis_server: RedisServer) -> None:
    """Neither hangs who asks."""
    redis_server.freeze()
    assert not ping(redis_server.socket_path, timeout_s=0.1)
    redis_server.kill()
    assert not ping(redis_server.socket_path)


def test_it_works_in_a_directory_with_an_odd_name(tmp_path: Path) -> None:
    """Spaces and quotes in state_dir are the city's affair."""
    server = RedisServer(data_name='kota "112" \\ baru')
    try:
        server.start()
        assert ping(server.socket_path)
    finally:
        server.remove()


def test_the_command_names_binary_and_file(tmp_path: Path) -> None:
    """What the supervisor executes."""
    config = write_config(tmp_path / "redis", tmp_path / "s")

    assert tmp_path / "redis" / CONFIG_NAME == config
    assert ["/opt/redis-server", str(config)] == command(config, "/opt/redis-server")


@pytest.mark.parametrize(
    ("label", "directory", "socket", "text"),
    [
        ("long socket", "redis", "s" * 120, "at most 107 bytes"),
        ("a file in the way", "file/redis", "s", "choose a directory that can be written"),
    ],
)
def test_a_place_that_cannot_be_is_one_clear_line(
    tmp_path: Path, label: str, directory: str, socket: str, text: str
) -> None:
    """What, where, and what would be right."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(DirectoryError) as caught:
        write_config(tmp_path / directory, Path("/tmp") / socket)
    assert text in str(caught.value), label


@pytest.mark.parametrize("content", [None, "", "not a number"])
def test_a_missing_or_broken_pid_file_names_nobody(tmp_path: Path, content: str | None) -> None:
    """Never a wrong process."""
    if content is not None:
        (tmp_path / "redis.pid").write_text(content)

    assert pid(tmp_path) is None
