"""Many processes and threads at one pool: what each is given is its own."""

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool

import pytest
from redis import Redis

from redis_queue.connection import connect
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, checked_pool, profile, staff
from tests.support.redis_server import RedisServer

OPERATORS = 20
WORKERS = 4
CALLS_EACH = 25


def claim_many(url: str, worker: int) -> list[str | None]:
    """Claim as one process among others: the extension of each call, or None."""
    client = connect(url, timeout_s=10)
    pool = OperatorPool(client)
    answers = [
        pool.claim(f"{worker}-{number}", language="", category="", priority=1, node=NODE)
        for number in range(CALLS_EACH)
    ]
    client.close()
    return [answer.extension if isinstance(answer, Claimed) else None for answer in answers]


@pytest.fixture
def processes() -> Pool:
    """Processes of their own, which share nothing with this one."""
    return multiprocessing.get_context("spawn").Pool(WORKERS)


def test_processes_that_claim_at_once_never_get_the_same_operator(
    redis_server: RedisServer, redis_client: Redis, processes: Pool
) -> None:
    """A hundred calls for twenty operators: twenty get one each, the others none."""
    pool = checked_pool(redis_client)
    staff(pool, *[profile(str(extension)) for extension in range(OPERATORS)])
    with processes:
        answers = processes.starmap(claim_many, [(redis_server.url, worker) for worker in range(WORKERS)])
        processes.close()
        processes.join()
    given = Counter(extension for each in answers for extension in each)

    assert {None: WORKERS * CALLS_EACH - OPERATORS, **{str(extension): 1 for extension in range(OPERATORS)}} == given


def test_a_shift_of_calls_never_rings_a_phone_that_talks(redis_server: RedisServer, redis_client: Redis) -> None:
    """Threads claim, wait, talk and hang up at random; each phone is a lock that must never be taken already."""
    pool = checked_pool(redis_client)
    staff(pool, profile("1"), profile("2"), profile("3"))
    phones = {extension: threading.Lock() for extension in ("1", "2", "3")}

    def call(number: int) -> str:
        client = connect(redis_server.url, timeout_s=10)
        mine = checked_pool(client)
        call_id = f"call-{number}"
        answer: Claimed | Waiting | Refused = mine.claim(
            call_id, language="", category="", priority=1 + number % 3, node=NODE
        )
        if answer == Refused(Refusal.BUSY):
            answer = mine.wait(call_id, priority=1 + number % 3, language="", category="", node=NODE)
        while isinstance(answer, Waiting):
            answer = mine.keep_waiting(call_id)
        assert isinstance(answer, Claimed), answer
        assert phones[answer.extension].acquire(blocking=False), "a second call on one phone"
        mine.ringing(answer.extension, call_id)
        mine.answered(answer.extension, call_id)
        phones[answer.extension].release()
        mine.ended(call_id, wrap_up_s=20)
        client.close()
        return answer.extension

    with ThreadPoolExecutor(8) as threads:
        served = Counter(threads.map(call, range(90)))

    assert 90 == served.total()
    assert phones.keys() == served.keys()
    assert {OperatorState.AVAILABLE, OperatorState.WRAP_UP} >= {each.state for each in pool.snapshot()}
    assert [] == pool.waiting()
