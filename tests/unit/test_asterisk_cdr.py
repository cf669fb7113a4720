"""Asterisk's call records: read as they grow, whatever state the file is in."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.asterisk.cdr import CdrRecord, parse_row, read_new

ROW = (
    '"1795303910.0","+628123456789","carrier","112","medis","id","1002","ANSWER","0","1",'
    '"1795303910.262768","1795303913.481205","1795303913.883787","",""\n'
)
LEG = '"1795303910.0","","","","","","","","","","","","","",""\n'
RECORD = CdrRecord(
    call_id="1795303910.0",
    caller="+628123456789",
    trunk="carrier",
    did="112",
    category="medis",
    language="id",
    operator="1002",
    dial_status="ANSWER",
    fallback=False,
    done=True,
    started_at=datetime(2026, 11, 21, 23, 31, 50, 262768, UTC),
    answered_at=datetime(2026, 11, 21, 23, 31, 53, 481205, UTC),
    ended_at=datetime(2026, 11, 21, 23, 31, 53, 883787, UTC),
)


def test_a_call_is_read() -> None:
    """Every column finds its field; times keep their fractions."""
    assert RECORD == parse_row(ROW.strip())


def test_a_call_out_is_read() -> None:
    """Whom an operator called stands behind what is known of calls that come in."""
    row = parse_row(ROW.strip().removesuffix('"",""') + '"+628111111111",""')

    assert replace(RECORD, called="+628111111111") == row


def test_a_call_that_was_led_on_is_read() -> None:
    """To whom stands in the last column."""
    row = parse_row(ROW.strip().removesuffix('""') + '"113"')

    assert replace(RECORD, led_to="113") == row


@pytest.mark.parametrize("missing", [1, 2])
def test_a_row_of_a_version_before_is_read(missing: int) -> None:
    """It lacks the last columns: what was written before an upgrade is no less a call."""
    assert RECORD == parse_row(ROW.strip().removesuffix(',""' * missing))


def test_unanswered_call() -> None:
    """Nobody took it: no time of answer."""
    row = parse_row(ROW.strip().replace('"1795303913.481205"', '""').replace('"ANSWER","0"', '"","1"'))

    assert row is not None
    assert (None, "", True) == (row.answered_at, row.dial_status, row.fallback)


@pytest.mark.parametrize(
    "line",
    [
        "",
        LEG.strip(),
        "garbage",
        '"unclosed',
        ROW.strip() + ',"more"',
        ROW.strip().removesuffix(',"",""').removesuffix(',"1795303913.883787"'),
        ROW.strip().replace("1795303910.262768", "yesterday"),
        ROW.strip().replace("1795303910.262768", "99999999999.000000"),
        ROW.strip().replace('"1795303910.0"', '""'),
        '"' + "x" * 5000,
    ],
    ids=["empty", "a phone's leg", "garbage", "quote", "columns", "few", "no time", "far future", "no call", "long"],
)
def test_what_is_no_call_is_passed_over(line: str) -> None:
    """Legs, torn and foreign lines are none."""
    assert parse_row(line) is None


@given(st.text())
def test_any_line_is_a_record_or_none(line: str) -> None:
    """No line is an error."""
    assert isinstance(parse_row(line), CdrRecord | None)


def test_file_grows(tmp_path: Path) -> None:
    """Each call is read once, a line that is still being written the next time."""
    path = tmp_path / "cdr.csv"
    path.write_text(LEG + ROW + ROW[:40])
    first, offset = read_new(path, 0)
    path.write_text(LEG + ROW + ROW)
    second, end = read_new(path, offset)

    assert [RECORD] == first == second
    assert ([], end) == read_new(path, end)


def test_no_file_yet(tmp_path: Path) -> None:
    """Before the first call there is none, and a place in an old one means nothing."""
    assert ([], 0) == read_new(tmp_path / "cdr.csv", 500)


def test_file_begun_anew(tmp_path: Path) -> None:
    """A file that is shorter than what was read is another one."""
    path = tmp_path / "cdr.csv"
    path.write_text(ROW)

    assert ([RECORD], len(ROW)) == read_new(path, 5000)


def test_garbage_without_end_does_not_block(tmp_path: Path) -> None:
    """Megabytes without a line's end are passed over, what follows is read."""
    path = tmp_path / "cdr.csv"
    path.write_bytes(b"\0" * (5 << 20) + b"\n" + ROW.encode())
    records, offset = read_new(path, 0)
    more, end = read_new(path, offset)

    assert [RECORD] == records + more
    assert path.stat().st_size == end
