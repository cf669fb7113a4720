"""The promise of the wake: a waiting script learns of its operator by an event, not by asking."""

import select
import threading
from collections.abc import Callable, Iterator

import pytest
from redis import Redis
from structlog.testing import capture_logs

from redis_queue.connection import connect
from redis_queue.operators import Claimed, Waiting
from redis_queue.wake import Waiter, WakeListener
from tests.support.pool import checked_pool, profile, staff
from tests.support.redis_server import RedisServer

DEADLINE_S = 10.0


@pytest.fixture
def listener(redis_server: RedisServer) -> Iterator[WakeListener]:
    """A running listener, its subscription standing."""
    listener = WakeListener(lambda: connect(redis_server.url))
    with listener.register("standing") as standing:
        listener.start()
        assert woken(standing)
    yield listener
    listener.close()


def woken(*waiters: Waiter, within_s: float = DEADLINE_S) -> list[str]:
    """The calls that are woken, as a script sees it: by select."""
    readable, _, _ = select.select(waiters, [], [], within_s)
    for waiter in readable:
        waiter.clear()
    return [waiter.call_id for waiter in readable]


def test_an_assignment_wakes_the_script_that_waits(redis_client: Redis, listener: WakeListener) -> None:
    """From the end of one call to the next caller's operator without a poll."""
    pool = checked_pool(redis_client)
    staff(pool, profile("1"))
    pool.answered("1", "talks")
    with listener.register("waits") as waiter:
        assert Waiting(1) == pool.wait("waits", priority=1, language="", category="", node="node")
        ending = threading.Thread(target=pool.ended, args=("talks", 20))
        ending.start()

        assert ["waits"] == woken(waiter)
        ending.join()
        assert Claimed("1") == pool.keep_waiting("waits")


def test_a_wake_is_for_its_call_alone(redis_client: Redis, listener: WakeListener) -> None:
    """Hundreds may wait; one is woken, every descriptor of that call."""
    with listener.register("a") as one, listener.register("b") as other, listener.register("b") as twin:
        redis_client.publish("siaga112:wake", "b")
        assert ["b"] == woken(other)
        assert ["b"] == woken(twin)
        redis_client.publish("siaga112:wake", "a")

        assert ["a"] == woken(one)
        assert [] == woken(other, twin, within_s=0)


def test_clear_waits_for_the_next_wake(redis_client: Redis, listener: WakeListener) -> None:
    """Several wakes before a look are one; after clear there is none; clearing twice does no harm."""
    with listener.register("a") as waiter, listener.register("last") as last:
        for call_id in ("a", "a", "last"):
            redis_client.publish("siaga112:wake", call_id)
        assert ["last"] == woken(last)
        assert ["a"] == woken(waiter)

        waiter.clear()
        assert [] == woken(waiter, within_s=0)
        redis_client.publish("siaga112:wake", "a")
        assert ["a"] == woken(waiter)


@pytest.mark.parametrize(
    "lose",
    [
        RedisServer.restart,
        lambda server: connect(server.url).client_kill_filter(_type="pubsub"),
    ],
    ids=["server killed", "connection cut"],
)
def test_a_lost_subscription_comes_back_and_wakes_everybody(
    redis_server: RedisServer, listener: WakeListener, lose: Callable[[RedisServer], object]
) -> None:
    """What was said while nobody listened is not missed: all ask again."""
    with listener.register("a") as one, listener.register("b") as other:
        lose(redis_server)

        assert ["a"] == woken(one)
        assert ["b"] == woken(other)


def test_a_listener_may_start_before_redis(redis_server: RedisServer) -> None:
    """The order of starting does not matter."""
    redis_server.kill()
    listener = WakeListener(lambda: connect(redis_server.url))
    with listener.register("a") as waiter:
        listener.start()
        redis_server.start()

        assert ["a"] == woken(waiter)
    listener.close()


def test_a_listener_outlives_what_nobody_expected(redis_server: RedisServer) -> None:
    """A fault of our own is said with its place, and the subscription stands a moment later."""
    faults = [ZeroDivisionError("new")]

    def clumsy() -> Redis:
        if faults:
            raise faults.pop()
        return connect(redis_server.url)

    listener = WakeListener(clumsy)
    with capture_logs() as logs, listener.register("a") as waiter:
        listener.start()

        assert ["a"] == woken(waiter)
    listener.close()
    assert [("wake.failed", True)] == [(line["event"], line["exc_info"]) for line in logs]


def test_closing_ends_the_thread_while_redis_is_frozen(redis_server: RedisServer, listener: WakeListener) -> None:
    """Stopping the program never hangs on a server that does not answer."""
    redis_server.freeze()
    listener.close()

    assert "wake" not in {thread.name for thread in threading.enumerate()}


def test_a_closed_waiter_is_forgotten(redis_client: Redis, listener: WakeListener) -> None:
    """A call that is over gets no wake, whose descriptor may be somebody else's by then."""
    gone = listener.register("a")
    gone.close()
    with listener.register("a") as waiter:
        redis_client.publish("siaga112:wake", "a")

        assert ["a"] == woken(waiter)
