"""The call-back list as telephones use it, and numbers that are diverted, in a real Redis."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from redis import Redis

from redis_queue.callbacks import LEASES_KEY, CallbackLine
from redis_queue.misuse import KEY, Misuse


def test_the_first_in_line_is_called_first(redis_client: Redis) -> None:
    """By their places, whatever the order in which they came; nobody left is None."""
    line = CallbackLine(redis_client)
    for number, place in (("+6281", 20.0), ("+6282", -5.0), ("+6283", 10.0)):
        line.put(number, place)

    assert ["+6282", "+6283", "+6281", None] == [line.next() for _ in range(4)]


def test_no_number_is_given_to_two_operators(redis_client: Redis) -> None:
    """Forty hands that grasp at once get twenty numbers, each once."""
    line = CallbackLine(redis_client)
    numbers = [f"+62{index}" for index in range(20)]
    for place, number in enumerate(numbers):
        line.put(number, place)
    with ThreadPoolExecutor(8) as hands:
        given = list(hands.map(lambda _: line.next(), range(40)))

    assert sorted(numbers) == sorted(number for number in given if number is not None)


def test_what_was_given_back_or_forgotten_is_given_again(redis_client: Redis) -> None:
    """A lease that is over, and one that was given back; an entry stays until somebody drops it."""
    line = CallbackLine(redis_client)
    line.put("+6281", 1)

    assert "+6281" == line.next()
    redis_client.zadd(LEASES_KEY, {"+6281": 0})
    assert "+6281" == line.next()
    line.release("+6281")
    assert "+6281" == line.next()
    assert {"+6281": 1.0} == dict(line.waiting())


def test_what_was_dropped_is_gone(redis_client: Redis) -> None:
    """Its lease too: the same number that comes again can be called at once."""
    line = CallbackLine(redis_client)
    line.put("+6281", 1)
    line.next()
    line.drop("+6281")
    assert line.next() is None
    line.put("+6281", 2)

    assert "+6281" == line.next()


def test_a_diverted_number_is_diverted_until_its_time(redis_client: Redis) -> None:
    """Redis itself forgets it at that time; lifted it is free at once; who shows no number never is."""
    misuse = Misuse(redis_client)
    until = datetime.now(UTC) + timedelta(hours=24)
    misuse.mark("+6281", until)
    misuse.mark("+6282", until)
    misuse.lift("+6282")

    assert [True, False, False, False] == [misuse.is_diverted(who) for who in ("+6281", "+6282", "", None)]
    assert int(until.timestamp() * 1000) == redis_client.pexpiretime(KEY + "+6281")
