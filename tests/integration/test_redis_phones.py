"""What phones' feature codes and odd calls need of Redis: the call-back list, diverted numbers, signs of life."""

from datetime import UTC, datetime, timedelta

from redis import Redis

from redis_queue.callbacks import CallbackLine
from redis_queue.last_calls import LastCalls, Talk
from redis_queue.life import SignsOfLife
from redis_queue.misuse import Misuse

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST, SECOND = "+628111111111", "+628222222222"


def anybody(_number: str) -> bool:
    """Every number may be called."""
    return True


def test_who_waited_longest_is_called_first(redis_client: Redis) -> None:
    """And two operators never call the same number."""
    line = CallbackLine(redis_client)
    line.add(SECOND, NOON + timedelta(minutes=1))
    line.add(FIRST, NOON)

    assert [FIRST, SECOND, None] == [line.next(anybody) for _ in range(3)]


def test_a_number_that_is_there_keeps_its_place(redis_client: Redis) -> None:
    """Who calls in vain again does not lose the turn."""
    line = CallbackLine(redis_client)
    line.add(FIRST, NOON)
    line.add(SECOND, NOON + timedelta(minutes=1))
    line.add(FIRST, NOON + timedelta(minutes=2))

    assert (FIRST, SECOND) == line.numbers()


def test_where_nobody_answered_the_others_come_first(redis_client: Redis) -> None:
    """The number stays in the list, behind the others; one that is cleared does not come back."""
    line = CallbackLine(redis_client)
    line.add(FIRST, NOON)
    line.add(SECOND, NOON + timedelta(minutes=1))
    line.next(anybody)
    line.put_back(FIRST, NOON + timedelta(minutes=2))
    line.put_back("+628333333333", NOON)

    assert [SECOND, FIRST, None] == [line.next(anybody) for _ in range(3)]


def test_who_may_not_be_called_stays_and_is_in_nobodys_way(redis_client: Redis) -> None:
    """The next is called; a number that may be called later on is still in its place."""
    line = CallbackLine(redis_client)
    line.add(FIRST, NOON)
    line.add(SECOND, NOON + timedelta(minutes=1))

    assert [SECOND, None] == [line.next(lambda number: number != FIRST) for _ in range(2)]
    assert (FIRST, SECOND) == line.numbers()
    assert FIRST == line.next(anybody)


def test_a_claim_ends_by_itself(redis_client: Redis) -> None:
    """An operator whose phone died keeps nobody from being called."""
    line = CallbackLine(redis_client, claim_ms=1)
    line.add(FIRST, NOON)
    taken = [line.next(anybody)]
    while len(taken) < 2:
        if (again := line.next(anybody)) is not None:
            taken.append(again)

    assert [FIRST, FIRST] == taken


def test_what_the_database_says_is_the_list(redis_client: Redis) -> None:
    """Numbers that are gone there are gone here; who is being called stays taken."""
    line = CallbackLine(redis_client)
    line.add(FIRST, NOON)
    line.next(anybody)
    line.replace({FIRST: NOON, SECOND: NOON})
    second = line.next(anybody)
    line.remove(SECOND)
    line.replace({})

    assert SECOND == second
    assert () == line.numbers()


def test_a_diverted_number_until_it_is_lifted(redis_client: Redis) -> None:
    """Only the number that was marked."""
    misuse = Misuse(redis_client)
    misuse.mark(FIRST, 3600)

    assert [True, False] == [misuse.is_diverted(number) for number in (FIRST, SECOND)]
    assert [True, False] == [misuse.lift(FIRST), misuse.lift(FIRST)]
    assert not misuse.is_diverted(FIRST)


def test_a_diversion_ends_by_itself(redis_client: Redis) -> None:
    """Nobody has to remember it."""
    Misuse(redis_client).mark(FIRST, 3600)

    assert 3590 < redis_client.ttl(f"siaga112:prank:{FIRST}") <= 3600


def test_one_sign_of_life_counts_for_the_whole_call(redis_client: Redis) -> None:
    """Whether it comes before or after nothing was heard."""
    signs = SignsOfLife(redis_client)
    signs.seen("early")

    assert [False, True] == [signs.missed("early"), signs.missed("late")]
    signs.seen("late")
    assert [False, False] == [signs.is_silent("late"), signs.is_silent("never asked")]


def test_an_operators_last_call(redis_client: Redis) -> None:
    """The newest, and only the operator's own."""
    calls = LastCalls(redis_client)
    calls.learn([Talk("1001", "1.1", datetime.now(UTC) + timedelta(minutes=1))])  # before the clock was set back
    calls.keep("1001", "1.2")

    assert ["1.2", None] == [calls.of("1001"), calls.of("1002")]


def test_what_is_found_out_afterwards_counts_if_it_is_newer(redis_client: Redis) -> None:
    """Also that the last talk was with somebody who has no call."""
    calls, now = LastCalls(redis_client), datetime.now(UTC)
    calls.keep("1001", "1.1")
    known = []
    for call_id, seconds in (("1.0", -1), ("1.2", 60), (None, 61), ("1.1", 1)):
        calls.learn([Talk("1001", call_id, now + timedelta(seconds=seconds))])
        known.append(calls.of("1001"))

    assert ["1.1", "1.2", None, None] == known


def test_a_talk_of_hours_ago_is_no_last_call(redis_client: Redis) -> None:
    """However late it was found out."""
    LastCalls(redis_client).learn([Talk("1001", "1.1", datetime.now(UTC) - timedelta(minutes=61))])

    assert None is LastCalls(redis_client).of("1001")
