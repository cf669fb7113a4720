"""Asterisk's own records become facts: calls that came and calls that operators made."""

from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from ivr.call_records import CallRecords
from redis_queue.names import CALL_STREAM
from redis_queue.streams import Stream
from tests.support.agi_city import told
from tickets.vocabulary import CallFactKind, Outcome

START, ANSWER, END = "1795303910.262768", "1795303913.481205", "1795303920.883787"


def row(call_id: str, *, operator: str = "1001", answer: str = ANSWER, called: str = "") -> str:
    """One row of the file."""
    values = (call_id, "", "", "", "", "", operator, "", "0", "1", START, answer, END, called)
    return ",".join(f'"{value}"' for value in values) + "\n"


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
    return CallRecords(file, Stream(redis_client, CALL_STREAM), frozenset({"1001"}), tmp_path / "cdr.read")


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


def test_a_file_that_cannot_be_read_is_said_once(tmp_path: Path, redis_client: Redis) -> None:
    """It may be another user's; as soon as it can be read its calls are told."""
    file = tmp_path / "siaga112.csv"
    file.mkdir()
    records = CallRecords(file, Stream(redis_client, CALL_STREAM), frozenset({"1001"}), tmp_path / "cdr.read")
    with capture_logs() as logs:
        assert [0, 0] == [records.tell(), records.tell()]
    file.rmdir()
    file.write_text(row("1.1"))

    assert [("error", "cdr.unreadable", str(file))] == [
        (line["log_level"], line["event"], line["path"]) for line in logs
    ]
    assert 1 == records.tell()
