"""A script that a caller waits for, sent over connections of its own.

What redis-py does around a command (the pool's lock, a look at whether the connection is still good, its own
measuring) takes as long as the script itself on a machine that was idle. Where anything is unusual redis-py does it
after all.
"""

import weakref
from collections.abc import Iterable

from redis import Redis
from redis.commands.core import Script
from redis.connection import ConnectionInterface
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError
from redis.sentinel import SentinelConnectionPool


class Direct:
    """Runs scripts that may be run twice: where an idle connection is broken, redis-py sends the script once more.

    Threads may share it. Connections that are not used are kept, and closed when this object is forgotten.
    With Sentinel redis-py does all of it, since its pool knows when another server has become the master.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._has_one_server = not isinstance(self._pool, SentinelConnectionPool)
        self._idle: list[ConnectionInterface] = []
        weakref.finalize(self, _close, self._idle)

    def run(self, script: Script, key: str, *arguments: str) -> object:
        """The script's answer. Raises what redis-py raises."""
        connection = _take(self._idle)
        if connection is not None:
            try:
                return self._ask(connection, "EVALSHA", script.sha, "1", key, *arguments)
            except (RedisConnectionError, NoScriptError):
                # A Redis that was restarted has closed all of them, and knows no script.
                _close(self._idle)
        answer = script(keys=[key], args=arguments)
        if self._has_one_server:
            # Not the pool's make_connection: that one counts what it made and never what was dropped here.
            self._idle.append(self._pool.connection_class(**self._pool.connection_kwargs))
        return answer

    def _ask(self, connection: ConnectionInterface, *words: str) -> object:
        try:
            connection.send_packed_command([_packed(words)], check_health=False)  # type: ignore[no-untyped-call]
            answer = connection.read_response()
        except BaseException:
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        self._idle.append(connection)
        return answer


def _take(connections: list[ConnectionInterface]) -> ConnectionInterface | None:
    try:
        return connections.pop()
    except IndexError:
        return None


def _close(connections: list[ConnectionInterface]) -> None:
    while (connection := _take(connections)) is not None:
        connection.disconnect()  # type: ignore[no-untyped-call]


def _packed(words: Iterable[str]) -> bytes:
    """A command as the Redis protocol has it: an array of strings, each after its length in bytes."""
    encoded = [word.encode(errors="backslashreplace") for word in words]  # as connection.py has redis-py do it
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in encoded)
