"""What must hold of the pool's keys at every moment, whatever was done to it."""

from redis import Redis

from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState

WITH_CALL = {OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING}


def check_indexes(redis: Redis, snapshot: list[OperatorStatus]) -> None:
    """No state without its call, no call without its state, and the indexes say the same."""
    with_call = {each.extension for each in snapshot if each.call_id}
    calls = {each.call_id: each.extension for each in snapshot if each.call_id}

    assert {each.extension for each in snapshot if each.state in WITH_CALL} == with_call
    assert len(with_call) == len(calls), "one call, two operators"
    assert calls == redis.hgetall("siaga112:pool:calls")
    indexed = {
        extension: state for state in OperatorState for extension in redis.zrange(f"siaga112:pool:state:{state}", 0, -1)
    }
    assert {each.extension: each.state for each in snapshot} == indexed
    assert redis.smembers("siaga112:pool:staying") <= with_call, "a wish that was never granted"


def check_leases(redis: Redis, snapshot: list[OperatorStatus]) -> None:
    """Nothing can be stuck: each claim, talk, wrap-up and place in line has an end."""
    leases = set(redis.zrange("siaga112:pool:leases", 0, -1))
    must = {each.extension for each in snapshot if each.state in WITH_CALL | {OperatorState.WRAP_UP}}

    assert must <= leases
    line = set(redis.zrange("siaga112:pool:line", 0, -1))
    assert line == set(redis.zrange("siaga112:pool:line_leases", 0, -1))
    assigned = {each.call_id for each in snapshot if each.state is OperatorState.RESERVED}
    assert line <= set(redis.hkeys("siaga112:pool:callers")) <= line | assigned
