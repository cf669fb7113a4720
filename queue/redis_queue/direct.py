"""A script that a caller waits for, sent over connections of its own.

What redis-py does around a command (the pool's lock, a look at whether the connection is still good, its own
measuring) takes as long as the script itself on a machine that was idle. Where anything is unusual redis-py does it
after all.
"""

from redis import Redis
from redis.commands.core import Script
from redis.connection import ConnectionInterface
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError


class Direct:
    """Runs scripts that may be run twice: where a connection broke, the script is sent once more by redis-py.

    Threads may share it. Connections that are not used are kept; redis-py closes them when this object is forgotten.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._idle: list[ConnectionInterface] = []

    def run(self, script: Script, key: str, *arguments: str) -> object:
        """The script's answer. Raises what redis-py raises."""
        try:
            return self._ask("EVALSHA", script.sha, 1, key, *arguments)
        except (RedisConnectionError, NoScriptError):
            # A Redis that was restarted closed what was idle, and knows no script.
            self._idle.clear()
            return script(keys=[key], args=arguments)

    def _ask(self, *command: object) -> object:
        connection = self._take()
        try:
            connection.send_command(*command, check_health=False)  # type: ignore[no-untyped-call]
            answer = connection.read_response()
        except BaseException:
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        self._idle.append(connection)
        return answer

    def _take(self) -> ConnectionInterface:
        try:
            return self._idle.pop()
        except IndexError:
            return self._pool.make_connection()
