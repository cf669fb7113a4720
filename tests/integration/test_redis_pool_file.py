"""What Redis' file holds of the pool: a claim is not written to it, so what comes after must say the whole again."""

import random

import pytest
from redis import Redis

from redis_queue.operators import DialFailure
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, Clock, claim, profile, staff, wait
from tests.support.pool_keys import check_indexes, check_leases
from tests.support.redis_server import RedisServer

OPERATORS = ("1", "2", "3", "4")
CALLS = tuple(f"call-{number}" for number in range(6))
WATCHED_S = 7200.0


@pytest.mark.parametrize("seed", range(10))
def test_whatever_was_done_redis_killed_leaves_a_whole_pool(
    seed: int, redis_server: RedisServer, redis_client: Redis, pool: OperatorPool, clock: Clock
) -> None:
    """Only claims whose phone has not rung yet are forgotten; records, indexes and leases are those of one moment."""
    staff(pool, *map(profile, OPERATORS))
    chance = random.Random(seed)  # noqa: S311
    for _ in range(chance.randint(5, 60)):
        _do_something(pool, clock, chance)
    before = {each.extension: each for each in pool.snapshot()}
    numbers = _numbers(redis_client)
    redis_server.restart()
    after = {each.extension: each for each in pool.snapshot()}

    forgotten = {extension for extension, status in before.items() if status != after[extension]}
    assert {OperatorState.RESERVED} >= {before[extension].state for extension in forgotten}
    assert {OperatorState.AVAILABLE} >= {after[extension].state for extension in forgotten}
    kept = _numbers(redis_client)
    assert [(numbers[each] or "") for each in OPERATORS if each not in forgotten] == [
        (kept[each] or "") for each in OPERATORS if each not in forgotten
    ]
    check_indexes(redis_client, list(after.values()))
    check_leases(redis_client, list(after.values()))


def _numbers(redis: Redis) -> dict[str, str | None]:
    """Whom each operator was last given, or talked with."""
    return {extension: redis.hget(f"siaga112:pool:operator:{extension}", "number") for extension in OPERATORS}


def _do_something(pool: OperatorPool, clock: Clock, chance: random.Random) -> None:
    extension, call_id = chance.choice(OPERATORS), chance.choice(CALLS)
    match chance.randrange(11):
        case 0 | 1 | 2:
            claim(pool, call_id, number=chance.choice(["", "+628112345678"]))
        case 3:
            wait(pool, call_id)
        case 4:
            pool.ringing(extension, call_id)
        case 5:
            pool.answered(extension, call_id)
        case 6:
            pool.ended(call_id, chance.choice([0.0, 20.0]))
        case 7:
            pool.failed(extension, call_id, chance.choice(list(DialFailure)))
        case 8:
            chance.choice([pool.pause, pool.resume, pool.logout, pool.login])(extension)
        case 9:
            clock.advance(chance.choice([0.5, 5.0, 40.0]))
            pool.expire()
            pool.heartbeat(NODE, WATCHED_S)
        case _:
            pool.set_reachable(extension, True, node=NODE, in_use=chance.random() < 0.3)
