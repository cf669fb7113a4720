"""Asterisk's own records become facts: calls that came and calls that operators made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from ivr.call_records import CallRecords
from ivr.remembered import remembered
from redis_queue.callbacks import CallbackLine
from redis_queue.last_calls import LastCalls, Talk
from redis_queue.names import CALL_STREAM
from redis_queue.streams import Stream
from tests.support.agi_city import told
from tickets.vocabulary import CallFactKind, Outcome

START, ANSWER, END = "1795303910.262768", "1795303913.481205", "1795303920.883787"


def row(
    call_id: str,
    *,
    operator: str = "1001",
    answer: str = ANSWER,
    called: str = "",
    start: str = START,
    end: str = END,
    led_to: str = "",
) -> str:
    """One row of the file."""
    values = (call_id, "", "", "", "", "", operator, "", "0", "1", start, answer, end, called, led_to)
    return ",".join(f'"{value}"' for value in values) + "\n"


def records_of(file: Path, redis: Redis) -> CallRecords:
    """What reads this file, of a city with one operator."""
    place = file.with_suffix(".read")
    return CallRecords(file, Stream(redis, CALL_STREAM), frozenset({"1001"}), remembered(redis), place)


@pytest.fixture
def records(tmp_path: Path, redis_client: Redis) -> CallRecords:
    """Of a file that holds each kind of call."""
    file = tmp_path / "siaga112.csv"
    file.write_text(
        row("1.1")
        + row("1.2", answer="")
        + row("1.3", called="+628111111111")
        + row("1.4", called="113", answer="")
        + row("1.5", operator="1999", called="113")
    )
    return records_of(file, redis_client)


def test_each_call_is_told_once(records: CallRecords, redis_client: Redis) -> None:
    """Who was called, by whom, and that nobody answered there; of a call that came in the operator is who answered."""
    assert [5, 0] == [records.tell(), records.tell()]
    facts = told(redis_client, 5)

    assert [CallFactKind.RECORDED] * 5 == [fact.kind for fact in facts]
    assert [
        ("1.1", None, "1001", True, None),
        ("1.2", None, None, False, None),
        ("1.3", "+628111111111", "1001", True, None),
        ("1.4", "113", "1001", False, Outcome.UNANSWERED),
        ("1.5", "113", None, True, None),
    ] == [(fact.call_id, fact.called, fact.operator, fact.answered, fact.outcome) for fact in facts]


class LateRows:
    """A file that grows by calls of the last minutes; nobody told of them when they were."""

    def __init__(self, file: Path, redis: Redis) -> None:
        self._file = file
        self._records = records_of(file, redis)
        self._now = datetime.now(UTC)

    def come(self, call_id: str, minutes_ago: int, called: str = "", operator: str = "1001") -> None:
        """One more is read; so long ago it was answered."""
        answer = (self._now - timedelta(minutes=minutes_ago)).timestamp()
        start, answered, end = (f"{answer + step:.6f}" for step in (-5, 0, 30))
        with self._file.open("a") as file:
            file.write(row(call_id, start=start, answer=answered, end=end, called=called, operator=operator))
        assert 1 == self._records.tell()


def test_a_talk_that_nobody_told_of_is_the_operators_last_call(tmp_path: Path, redis_client: Redis) -> None:
    """Unless a newer one is known: a mark by telephone must not hit whoever called before."""
    rows, calls = LateRows(tmp_path / "siaga112.csv", redis_client), LastCalls(redis_client)
    calls.learn([Talk("1001", "1.1", datetime.now(UTC) - timedelta(minutes=10))])
    known = []
    for call_id, minutes_ago in (("1.2", 5), ("1.3", 7)):
        rows.come(call_id, minutes_ago)
        known.append(calls.of("1001"))
    rows.come("1.4", 1, operator="trunk-a")

    assert ["1.2", "1.2"] == known
    assert ("1.2", None) == (calls.of("1001"), calls.of("trunk-a"))


def test_a_call_back_that_nobody_told_of_ends_what_may_be_marked(tmp_path: Path, redis_client: Redis) -> None:
    """A call to an agency does not: it is about the caller."""
    rows, calls = LateRows(tmp_path / "siaga112.csv", redis_client), LastCalls(redis_client)
    CallbackLine(redis_client).add("+628111111111", datetime.now(UTC))
    rows.come("1.1", 5)
    rows.come("1.2", 4, called="113")
    before = calls.of("1001")
    rows.come("1.3", 3, called="+628111111111")

    assert ("1.1", None) == (before, calls.of("1001"))


def test_who_was_led_outside_was_transferred(tmp_path: Path, redis_client: Redis) -> None:
    """Nobody of ours may have seen it; who was led to a colleague was answered here."""
    file = tmp_path / "siaga112.csv"
    file.write_text(row("1.1", led_to="113") + row("1.2", led_to="1001") + row("1.3"))
    records_of(file, redis_client).tell()

    assert [Outcome.TRANSFERRED, None, None] == [fact.outcome for fact in told(redis_client, 3)]


def test_a_file_that_cannot_be_read_is_said_once(tmp_path: Path, redis_client: Redis) -> None:
    """It may be another user's; as soon as it can be read its calls are told."""
    file = tmp_path / "siaga112.csv"
    file.mkdir()
    records = records_of(file, redis_client)
    with capture_logs() as logs:
        assert [0, 0] == [records.tell(), records.tell()]
    file.rmdir()
    file.write_text(row("1.1"))

    assert [("error", "cdr.unreadable", str(file))] == [
        (line["log_level"], line["event"], line["path"]) for line in logs
    ]
    assert 1 == records.tell()
