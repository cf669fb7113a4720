"""The connections of scripts that a caller waits for, on a real Redis."""

from redis import ConnectionPool, Redis
from redis.connection import UnixDomainSocketConnection

from redis_queue.direct import Direct
from tests.support.eventual import eventually


def test_connections_end_with_what_keeps_them(redis_client: Redis) -> None:
    """They are closed, whoever else knows them: a collector that meets the socket first would find it open."""
    known: list[UnixDomainSocketConnection] = []

    class Remembered(UnixDomainSocketConnection):
        def __init__(self, **given: object) -> None:
            super().__init__(**given)
            known.append(self)

    pool = ConnectionPool(Remembered, **redis_client.connection_pool.connection_kwargs)
    others = len(redis_client.client_list())
    with Redis(connection_pool=pool) as redis:
        direct, script = Direct(redis), redis.register_script("return 1")
        assert [1, 1] == [direct.run(script, "key") for _ in range(2)]
        assert others + len(known) == len(redis_client.client_list())

        del direct

        eventually("one connection less", lambda: others + len(known) - 1 == len(redis_client.client_list()))
    pool.disconnect()
