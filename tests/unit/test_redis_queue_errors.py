"""What redis-py raises becomes what a caller can decide on."""

import pytest
from redis import exceptions as redis_errors

from redis_queue.errors import AccessError, QueueError, UnavailableError, translated


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (redis_errors.ConnectionError("gone"), UnavailableError),
        (redis_errors.TimeoutError("late"), UnavailableError),
        (redis_errors.BusyLoadingError("loading"), UnavailableError),
        (redis_errors.ReadOnlyError("a replica"), UnavailableError),
        (redis_errors.OutOfMemoryError("used memory > 'maxmemory'"), UnavailableError),
        (redis_errors.ResponseError("MISCONF disk"), UnavailableError),
        (redis_errors.ResponseError("NOREPLICAS too few"), UnavailableError),
        (redis_errors.ResponseError("Command # 1 (XADD s t x) of pipeline caused error: MISCONF d"), UnavailableError),
        (redis_errors.AuthenticationError("invalid password"), AccessError),
        (redis_errors.NoPermissionError("no right to XADD"), AccessError),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_outage_and_a_refusal_are_told_apart(raised: redis_errors.RedisError, expected: type[QueueError]) -> None:
    """Only an outage is worth another attempt; the cause stays attached."""
    with pytest.raises(expected) as caught, translated():
        raise raised

    assert raised is caught.value.__cause__


def test_a_fault_of_ours_is_not_hidden() -> None:
    """A wrong type or a broken script is a bug and looks like one."""
    with pytest.raises(redis_errors.ResponseError, match="WRONGTYPE"), translated():
        raise redis_errors.ResponseError("WRONGTYPE Operation against a key")


def test_what_stood_in_the_command_is_not_told() -> None:
    """In a pipeline redis-py repeats the command, with what a citizen wrote."""
    error = redis_errors.ResponseError("Command # 1 (XADD s text rahasia) of pipeline caused error: OOM full")

    with pytest.raises(UnavailableError) as caught, translated():
        raise error
    assert "Redis: OOM full" == str(caught.value)
